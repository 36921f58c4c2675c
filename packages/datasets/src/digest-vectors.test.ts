import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { batchFromRows, type CellValue, type ColumnSpec, type ColumnType } from '@slipway/contracts';
import { postgresTypes, quoteIdentifier, writeBatch, type Database } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestColumnBatch, digestTable } from './index.ts';

interface Vector {
  readonly name: string;
  readonly columns: readonly (readonly [name: string, type: ColumnType])[];
  readonly rows: readonly (readonly CellValue[])[];
  readonly digest: string;
}

const file = fileURLToPath(new URL('../docs/digest-vectors.json', import.meta.url));
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };
let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
});
afterAll(() => test.drop());

describe('the test vectors of the digest', () => {
  it.each(vectors)('$name', async ({ columns: named, rows, digest }) => {
    const columns: ColumnSpec[] = named.map(([name, type]) => ({ name, type }));
    const records = rows.map((row) =>
      Object.fromEntries(row.map((cell, index) => [columns[index]!.name, cell])),
    );
    const batch = batchFromRows(records, columns);
    expect(digestColumnBatch(batch)).toBe(digest);
    const list = columns.map(({ name, type }) => `${quoteIdentifier(name)} ${postgresTypes[type]}`);
    await database.execute('DROP TABLE IF EXISTS vector');
    await database.execute(`CREATE TABLE vector (${list.join(', ')})`);
    const table = { schema: 'public', table: 'vector' };
    await writeBatch(database, table, batch);
    expect(await digestTable(database, table, columns)).toEqual({ digest, rowCount: rows.length });
  });

  it('tell apart what differs and nothing else', () => {
    const same = new Map<string, string[]>();
    for (const { name, digest } of vectors) same.set(digest, [...(same.get(digest) ?? []), name]);
    expect([...same.values()].filter((names) => names.length > 1)).toEqual([
      ['two rows', 'the same two rows in the other order'],
      ['zero', 'minus zero, the same as zero'],
    ]);
  });
});
