import { randomInt } from 'node:crypto';
import {
  batchFromRows,
  takeRows,
  type CellValue,
  type ColumnBatch,
  type ColumnSpec,
  type ColumnType,
} from '@slipway/contracts';
import {
  connectDatabase,
  postgresTypes,
  quoteIdentifier,
  writeBatch,
  type Database,
} from '@slipway/database';
import { createTestDatabase, findPostgresServer, type TestDatabase } from '@slipway/database/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestColumnBatch, digestTable } from '../src/index.ts';

const seed = Number(process.env['SLIPWAY_TEST_SEED'] ?? randomInt(2 ** 31));
const count = process.env['SLIPWAY_TEST_LENGTH'] === 'nightly' ? 10_000 : 2_000;

/** A Postgres server and the embedded one, and a database of each whose sessions begin with other settings. */
const databases = new Map<string, Database>();
const made: TestDatabase[] = [];

beforeAll(async () => {
  console.log(`SLIPWAY_TEST_SEED=${seed}, ${count} tables`);
  const { url: server } = await findPostgresServer(process.env['DATABASE_URL']);
  for (const [name, options] of [
    ['server', { server }],
    ['embedded', {}],
  ] as const) {
    const test = await createTestDatabase(options);
    const odd = await createTestDatabase(options);
    made.push(test, odd);
    databases.set(name, test.database);
    databases.set(`${name}, other settings`, await reconnect(odd));
  }
});
afterAll(async () => {
  await databases.get('server, other settings')?.close();
  await databases.get('embedded, other settings')?.close();
  for (const test of made) await test.drop();
});

async function reconnect({ database, url }: TestDatabase): Promise<Database> {
  const name = new URL(url).pathname.slice(1);
  for (const setting of [
    'client_encoding = LATIN1',
    "TimeZone = 'Asia/Kathmandu'",
    "DateStyle = 'SQL, DMY'",
    'extra_float_digits = -10',
    "bytea_output = 'escape'",
  ])
    await database.execute(`ALTER DATABASE ${name} SET ${setting}`);
  return connectDatabase({ url, maxConnections: 1 });
}

const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('', 'é', 'e\u0301', '\u{1f6f3}\u200d', "'; --", '"'),
  )
  .filter((value) => !value.includes('\0') && value.isWellFormed());
const cells: Readonly<Record<ColumnType, fc.Arbitrary<CellValue>>> = {
  double: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0, 5e-324, 0.1)),
  long: fc.maxSafeInteger(),
  boolean: fc.boolean(),
  string: text,
  datetime: fc.maxSafeInteger(),
};
/** Cut to what Postgres keeps of a name, 63 bytes. */
const columnName = text.filter((name) => name !== '' && Buffer.byteLength(name) < 64);
const columnSpec: fc.Arbitrary<ColumnSpec> = fc.record({
  name: columnName,
  type: fc.constantFrom<ColumnType>('double', 'long', 'boolean', 'string', 'datetime'),
});
const table: fc.Arbitrary<ColumnBatch> = fc
  .uniqueArray(columnSpec, { selector: ({ name }) => name, minLength: 1, maxLength: 12 })
  .chain((columns) => {
    const row = fc.tuple(...columns.map(({ type }) => fc.option(cells[type], { freq: 4 })));
    return fc.array(row, { maxLength: 12 }).map((rows) =>
      batchFromRows(
        rows.map((row) => Object.fromEntries(row.map((cell, index) => [columns[index]!.name, cell]))),
        columns,
      ),
    );
  });

/** The digests of tables in Postgres, in one transaction: thousands of commits would be most of the time. */
function digestsIn(database: Database, batches: readonly ColumnBatch[]): Promise<string[]> {
  return database.transaction(async (transaction) => {
    const digests: string[] = [];
    for (const [index, batch] of batches.entries()) {
      const target = { schema: 'pg_temp', table: `generated_${index}` };
      const list = batch.columns.map(({ name, type }) => `${quoteIdentifier(name)} ${postgresTypes[type]}`);
      await transaction.execute(`CREATE TEMPORARY TABLE ${target.table} (${list.join(', ')}) ON COMMIT DROP`);
      await writeBatch(transaction, target, batch);
      digests.push((await digestTable(transaction, target, batch.columns)).digest);
    }
    return digests;
  });
}

const perTransaction = 100;

/** The rows of a table in another order. */
function shuffled(batch: ColumnBatch, by: number): ColumnBatch {
  return takeRows(
    batch,
    Array.from({ length: batch.rowCount }, (_, row) => (row + by) % batch.rowCount),
  );
}

describe('the digest of a generated table', () => {
  it('is the same from TypeScript, a server and the embedded one, whatever the order and the settings', async () => {
    const tables = fc.sample(table, { numRuns: count, seed });
    for (let start = 0; start < tables.length; start += perTransaction) {
      const some = tables.slice(start, start + perTransaction);
      const expected = some.map(digestColumnBatch);
      const other = some.map((batch, index) => shuffled(batch, index));
      const found = await Promise.all([...databases].map(([, database]) => digestsIn(database, other)));
      for (const [place, name] of [...databases.keys()].entries())
        expect({ name, start, seed, digests: found[place] }).toEqual({
          name,
          start,
          seed,
          digests: expected,
        });
    }
  }, 600_000);

  it('changes with one bit, NULL for an empty text, a name, a type, and a row that comes twice', () => {
    const some = table.filter(({ rowCount }) => rowCount > 0);
    for (const batch of fc.sample(some, { numRuns: count / 10, seed })) {
      const original = digestColumnBatch(batch);
      const [first, ...rest] = batch.columns;
      const renamed = { ...batch, columns: [{ ...first!, name: `${first!.name}_` }, ...rest] };
      const twice = takeRows(batch, [...Array(batch.rowCount).keys(), 0]);
      const others = [renamed, twice, ...changedCells(batch), ...retyped(batch)];
      for (const other of others) expect(digestColumnBatch(other)).not.toBe(original);
    }
  });

  it('is refused on a session whose encoding somebody changed', async () => {
    const database = databases.get('server')!;
    await database.execute('CREATE TABLE coded (s text)');
    const digest = database.transaction(async (transaction) => {
      await transaction.execute("SET LOCAL client_encoding = 'LATIN1'");
      return digestTable(transaction, { schema: 'public', table: 'coded' }, [{ name: 's', type: 'string' }]);
    });
    await expect(digest).rejects.toMatchObject({ code: 'database_encoding' });
  });
});

/** The table with the first cell of each column changed: by its lowest bit, or between NULL and a value. */
function changedCells(batch: ColumnBatch): ColumnBatch[] {
  return batch.columns.map((column, place) => {
    const changed =
      column.type === 'string'
        ? { ...column, values: column.values.with(0, column.values[0] === null ? '' : null) }
        : { ...column, values: column.values.with(0, nextTo(column.type, column.values[0] ?? NaN)) };
    return { ...batch, columns: batch.columns.with(place, changed) };
  });
}

function nextTo(type: ColumnType, value: number): number {
  if (Number.isNaN(value)) return 0;
  if (type === 'boolean') return 1 - value;
  if (type !== 'double') return value === 0 ? 1 : value - Math.sign(value);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value + 0);
  view.setBigUint64(0, view.getBigUint64(0) ^ 1n);
  return view.getFloat64(0);
}

/** The table with a column of longs as times: the same numbers under another type. */
function retyped(batch: ColumnBatch): ColumnBatch[] {
  return batch.columns.flatMap((column, place) =>
    column.type === 'long'
      ? [{ ...batch, columns: batch.columns.with(place, { ...column, type: 'datetime' }) }]
      : [],
  );
}
