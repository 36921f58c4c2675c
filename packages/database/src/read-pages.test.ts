import { batchFromRows, type ColumnBatch } from '@slipway/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readBatch, readPages, writeBatch, type Database } from './index.ts';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';

let test: TestDatabase;
let database: Database;
const columns = [
  { name: 'place', type: 'long' },
  { name: 'd', type: 'double' },
  { name: 'l', type: 'long' },
  { name: 'b', type: 'boolean' },
  { name: 's', type: 'string' },
  { name: 't', type: 'datetime' },
] as const;

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
  await database.execute('CREATE TABLE cells (place int8, d float8, l int8, b bool, s text, t timestamptz)');
});
afterAll(() => test.drop());

it('gives in pages what a whole read gives, bit by bit, for any page size', async () => {
  const row = fc.record({
    d: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    l: fc.option(fc.maxSafeInteger()),
    b: fc.option(fc.boolean()),
    s: fc.option(fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0') && text.isWellFormed())),
    t: fc.option(fc.maxSafeInteger()),
  });
  const property = fc.asyncProperty(
    fc.array(row, { maxLength: 12 }),
    fc.integer({ min: 1, max: 13 }),
    async (rows, pageRows) => {
      const batch = batchFromRows(
        rows.map((cells, place) => ({ place, ...cells })),
        columns,
      );
      await database.execute('TRUNCATE cells');
      await writeBatch(database, { schema: 'public', table: 'cells' }, batch);
      const sql = 'SELECT * FROM cells ORDER BY place';
      const whole = await readBatch(database, { sql, columns, orderBy: ['place'] });
      const pages: ColumnBatch[] = [];
      await database.transaction(async (transaction) => {
        for await (const page of readPages(transaction, { sql, columns, pageRows })) pages.push(page);
      });
      expect(pages.map(({ rowCount }) => rowCount).every((count) => count <= pageRows)).toBe(true);
      for (const [index, { values }] of whole.columns.entries())
        expect(pages.flatMap((page) => [...page.columns[index]!.values])).toEqual([...values]);
    },
  );
  await fc.assert(property, { numRuns: 40, seed: 20_261_125 });
});
