import { datasetRefSchema, type DatasetRef } from '@slipway/contracts';

/** Columns of the catalogue that make a {@link DatasetRef}. */
export const refColumns = 'digest, kind, table_name AS "table", row_count AS rows, columns';

export interface RefRow {
  readonly digest: string;
  readonly kind: string;
  readonly table: string;
  readonly rows: string;
  readonly columns: unknown;
}

/** A row of {@link refColumns} as what other packages know a dataset by. */
export function toRef({ digest, kind, table, rows, columns }: RefRow): DatasetRef {
  const ref = { formatVersion: 1, kind, schema: 'training', table, digest, rowCount: Number(rows), columns };
  return datasetRefSchema.parse(ref);
}
