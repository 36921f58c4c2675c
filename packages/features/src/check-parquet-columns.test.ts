import type { FileMetaData, SchemaElement } from 'hyparquet';
import { expect, it } from 'vitest';
import { checkParquetColumns } from './check-parquet-columns.ts';
import { defineFeatureTable } from './define-feature-table.ts';

const table = defineFeatureTable({
  name: 'shops',
  owner: 'tests',
  entityKey: ['store'],
  columns: { store: { type: 'long' }, sales: { type: 'double' } },
});

function fileOf(...columns: readonly SchemaElement[]): FileMetaData {
  return { schema: [{ name: 'root', num_children: columns.length }, ...columns] } as unknown as FileMetaData;
}

const store = { name: 'store', type: 'INT64', repetition_type: 'REQUIRED' } as const;
const sales = { name: 'sales', type: 'DOUBLE', repetition_type: 'REQUIRED' } as const;

it('takes the columns of the table in any order', () => {
  expect(() => checkParquetColumns(table, fileOf(sales, store), 'a.parquet')).not.toThrow();
});

it('refuses two columns of one name, of which one would be left out', () => {
  expect(() => checkParquetColumns(table, fileOf(store, sales, sales), 'a.parquet')).toThrow(
    expect.objectContaining({
      code: 'schema_mismatch',
      message: expect.stringContaining('received "sales" more than once') as string,
    }),
  );
});
