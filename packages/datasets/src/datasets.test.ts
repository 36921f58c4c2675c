import { batchFromRows, getNumericColumn, type Relation } from '@slipway/contracts';
import { migrate, quoteTable, writeBatch, type Database } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildTrainTest,
  datasetsMigrations,
  digestColumnBatch,
  digestTable,
  findDataset,
  linkDataset,
  readDataset,
  rowsAbsentFrom,
  splitSchema,
  storePredictions,
  verifyDataset,
} from './index.ts';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
  await migrate(database, datasetsMigrations);
});
afterAll(() => test.drop());

/** 400 rows over 20 days, as a query without a table behind it. */
function relationOf(change: Partial<Relation> = {}, rows = 400): Relation {
  return {
    source: 'made_up',
    sql: `SELECT n AS id, 'day ' || n % 20 AS day, n * 0.25 AS x, CASE WHEN n = $1 THEN NULL ELSE n * 2.0 END AS y,
            timestamptz '2026-01-01' + n * interval '1 hour' AS at FROM generate_series(1, ${rows}) AS n`,
    parameters: [-1],
    columns: [
      { name: 'id', type: 'long', role: 'entityKey', nullable: false },
      { name: 'day', type: 'string', role: 'attribute', nullable: false },
      { name: 'x', type: 'double', role: 'feature', nullable: false },
      { name: 'y', type: 'double', role: 'target', nullable: false },
      { name: 'at', type: 'datetime', role: 'eventTime', nullable: false },
    ],
    watermark: {},
    ...change,
  };
}

const random = splitSchema.parse({ kind: 'random', testShare: 0.25, seed: 7 });

describe('content digest', () => {
  it('is the same from SQL and from memory, whatever the values', async () => {
    const columns = [
      { name: 'd', type: 'double' },
      { name: 'l', type: 'long' },
      { name: 'b', type: 'boolean' },
      { name: 's', type: 'string' },
      { name: 't', type: 'datetime' },
    ] as const;
    const text = fc
      .string({ unit: 'binary' })
      .filter((value) => !value.includes('\0') && value.isWellFormed());
    const row = fc.record({
      d: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      l: fc.option(fc.maxSafeInteger()),
      b: fc.option(fc.boolean()),
      s: fc.option(text),
      t: fc.option(fc.maxSafeInteger()),
    });
    await database.execute('CREATE TABLE random_rows (d float8, l int8, b bool, s text, t timestamptz)');
    const table = { schema: 'public', table: 'random_rows' };
    const property = fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (rows) => {
      const batch = batchFromRows(rows, columns);
      await database.execute('TRUNCATE random_rows');
      await writeBatch(database, table, batch);
      const fromSql = await digestTable(database, table, columns);
      expect(fromSql).toEqual({ digest: digestColumnBatch(batch), rowCount: rows.length });
    });
    await fc.assert(property, { numRuns: 60, seed: 20_261_124 });
  });

  it('is refused for values that Postgres would change', () => {
    const batch = (value: number) => ({
      rowCount: 1,
      columns: [{ name: 'l', type: 'long' as const, values: Float64Array.of(value) }],
    });
    for (const value of [1.5, Infinity, 2 ** 53])
      expect(() => digestColumnBatch(batch(value))).toThrow(
        expect.objectContaining({ code: 'value_unsupported' }),
      );
  });

  it('does not see row order or the sign of zero; sees duplicates, names, types, and NULL', () => {
    const column = [{ name: 'x', type: 'double' }] as const;
    const digest = (...values: (number | null)[]): string =>
      digestColumnBatch(
        batchFromRows(
          values.map((x) => ({ x })),
          column,
        ),
      );
    expect(digest(1, 2, 2)).toBe(digest(2, 1, 2));
    expect(digest(-0)).toBe(digest(0));
    const others = [
      digest(1, 2),
      digest(1, 1, 2),
      digest(null, 1, 2),
      digestColumnBatch(batchFromRows([{ y: 1 }], [{ name: 'y', type: 'double' }])),
      digestColumnBatch(batchFromRows([{ x: 1 }], [{ name: 'x', type: 'long' }])),
      digest(1),
    ];
    expect(new Set([digest(1, 2, 2), ...others]).size).toBe(7);
  });
});

describe('buildTrainTest', () => {
  it('splits by row key, disjoint and complete, into tables named after their content', async () => {
    const { train, test: held } = await buildTrainTest(database, { relation: relationOf(), split: random });
    expect(train.ref.rowCount + held.ref.rowCount).toBe(400);
    expect(held.ref.rowCount / 400).toBeCloseTo(0.25, 1);
    expect(train.ref.table).toBe(`made_up_train_${train.ref.digest.slice(0, 16)}`);
    const stored = await readDataset(database, train.ref, { orderBy: ['id'] });
    expect(digestColumnBatch(stored)).toBe(train.ref.digest);
    expect(await findDataset(database, train.ref.digest)).toEqual(train.ref);
    await verifyDataset(database, held.ref);
  });

  it('reuses what is stored, also when built at once', async () => {
    // Who comes first, and by how much, differs from time to time.
    for (let rows = 300; rows < 1_900; rows += 40) {
      const relation = relationOf({ source: 'at_once' }, rows);
      const built = await Promise.all(
        [1, 2, 3].map(() => buildTrainTest(database, { relation, split: random })),
      );
      expect(new Set(built.map(({ train }) => train.ref.table)).size).toBe(1);
      expect(built.filter(({ train }) => train.created)).toHaveLength(1);
    }
    const leftovers = await database.query(
      "SELECT tablename FROM pg_tables WHERE schemaname = 'training' AND tablename LIKE 'build%'",
    );
    expect(leftovers).toEqual([]);
  });

  it('keeps every row on its side when data grows', async () => {
    const idsOf = async (rows: number): Promise<Set<number>> => {
      const { test: held } = await buildTrainTest(database, {
        relation: relationOf({}, rows),
        split: random,
      });
      return new Set(getNumericColumn(await readDataset(database, held.ref), 'id').values);
    };
    const before = await idsOf(200);
    const after = [...(await idsOf(500))].filter((id) => id <= 200);
    expect(new Set(after)).toEqual(before);
  });

  it('keeps equal values of the group column together', async () => {
    const split = splitSchema.parse({ kind: 'group', by: 'day', testShare: 0.3, seed: 1 });
    const { train, test: held } = await buildTrainTest(database, { relation: relationOf(), split });
    const days = async (ref: typeof train.ref): Promise<string[]> => [
      ...new Set((await readDataset(database, ref, { columns: ['day'] })).columns[0]?.values as string[]),
    ];
    const both = [...(await days(train.ref)), ...(await days(held.ref))];
    expect(both).toHaveLength(20);
    expect(new Set(both).size).toBe(20);
  });

  it('splits by time with a gap in neither side', async () => {
    const split = splitSchema.parse({ kind: 'time', cutoff: '2026-01-11T00:00:00Z', gapHours: 10 });
    const { train, test: held } = await buildTrainTest(database, { relation: relationOf(), split });
    expect([train.ref.rowCount, held.ref.rowCount]).toEqual([229, 161]);
  });

  it('leaves out rows without a target, and refuses doubled keys and empty sides', async () => {
    const relation = relationOf({ source: 'unlabelled', parameters: [17] });
    const { train, test: held } = await buildTrainTest(database, { relation, split: random });
    expect(train.ref.rowCount + held.ref.rowCount).toBe(399);
    const doubled = relationOf({ sql: `${relationOf().sql} UNION ALL ${relationOf().sql}` });
    const build = buildTrainTest(database, { relation: doubled, split: random });
    await expect(build).rejects.toMatchObject({ code: 'key_duplicate' });
    const single = buildTrainTest(database, { relation: relationOf({}, 1), split: random });
    await expect(single).rejects.toMatchObject({ code: 'dataset_empty' });
    const wrong = splitSchema.parse({ kind: 'group', by: 'week', testShare: 0.3, seed: 1 });
    const lost = buildTrainTest(database, { relation: relationOf(), split: wrong });
    await expect(lost).rejects.toThrow(/"week"/);
  });
});

describe('an immutable table', () => {
  it.each(['UPDATE $ SET x = 0', 'DELETE FROM $', 'TRUNCATE $', 'INSERT INTO $ SELECT * FROM $'])(
    'refuses %s',
    async (statement) => {
      const { train } = await buildTrainTest(database, { relation: relationOf(), split: random });
      const sql = statement.replaceAll('$', quoteTable(train.ref));
      await expect(database.execute(sql)).rejects.toMatchObject({ code: 'dataset_sealed' });
      await verifyDataset(database, train.ref);
    },
  );

  it('is found damaged when its owner made a column of times narrower, which rounds them', async () => {
    const relation = relationOf({ source: 'narrowed' }, 130);
    const { train } = await buildTrainTest(database, { relation, split: random });
    const name = quoteTable(train.ref);
    await database.execute(`ALTER TABLE ${name} ALTER COLUMN at TYPE timestamptz(0)`);
    await expect(verifyDataset(database, train.ref)).rejects.toThrow(
      /the column "at" timestamp\(0\) with time zone/,
    );
  });

  it('of times that its query computes to the second is stored as times like any other', async () => {
    const sql = relationOf({}, 140).sql.replace(
      /timestamptz (.*) AS at/,
      '(timestamptz $1)::timestamptz(0) AS at',
    );
    const relation = relationOf({ source: 'seconds', sql });
    const { train } = await buildTrainTest(database, { relation, split: random });
    await verifyDataset(database, train.ref);
  });

  it('is found damaged when its owner changed it past the seal', async () => {
    const relation = relationOf({ source: 'damaged' }, 120);
    const { train } = await buildTrainTest(database, { relation, split: random });
    const name = quoteTable(train.ref);
    await database.execute(`ALTER TABLE ${name} DISABLE TRIGGER immutable`);
    await database.execute(`UPDATE ${name} SET x = x + 1 WHERE id = (SELECT min(id) FROM ${name})`);
    await expect(verifyDataset(database, train.ref)).rejects.toMatchObject({ code: 'dataset_damaged' });
    const again = buildTrainTest(database, { relation, split: random });
    await expect(again).rejects.toMatchObject({ code: 'dataset_damaged' });
  });
});

describe('predictions and fresh rows', () => {
  it('stores one prediction per test row and refuses another number', async () => {
    const { test: held } = await buildTrainTest(database, { relation: relationOf(), split: random });
    const rows = await readDataset(database, held.ref, { columns: ['id'], orderBy: ['id'] });
    const predicted = {
      name: 'predicted',
      type: 'double' as const,
      values: rows.columns[0]!.values as Float64Array,
    };
    const batch = { rowCount: rows.rowCount, columns: [...rows.columns, predicted] };
    const options = { model: 'made-up', test: held.ref, keyColumns: ['id'] };
    const { ref } = await storePredictions(database, { ...options, batch });
    expect(ref.table).toBe(`made_up_predictions_${ref.digest.slice(0, 16)}`);
    expect(digestColumnBatch(batch)).toBe(ref.digest);
    await linkDataset(database, { digest: ref.digest, runId: 'r', model: 'made-up', context: 'predictions' });
    expect(() => storePredictions(database, { ...options, batch: { rowCount: 0, columns: [] } })).toThrow(
      expect.objectContaining({ code: 'schema_mismatch' }),
    );
    const odd = { rowCount: rows.rowCount, columns: [...rows.columns, { ...predicted, name: 'xmin' }] };
    expect(() => storePredictions(database, { ...options, batch: odd })).toThrow(
      expect.objectContaining({
        code: 'configuration_invalid',
        message: expect.stringMatching(/received "xmin"\. Rename them\.?$/) as string,
      }),
    );
  });

  it('reads rows in the order of columns that it does not read, text by code point', async () => {
    const { train } = await buildTrainTest(database, { relation: relationOf({}, 100), split: random });
    const whole = await readDataset(database, train.ref, { orderBy: ['day', 'id'] });
    const days = whole.columns.find(({ name }) => name === 'day')?.values as string[];
    expect(days).toEqual(days.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    const part = await readDataset(database, train.ref, { columns: ['x'], orderBy: ['day', 'id'] });
    expect(part.columns.map(({ name }) => name)).toEqual(['x']);
    expect(getNumericColumn(part, 'x').values).toEqual(getNumericColumn(whole, 'x').values);
    for (const options of [{ orderBy: ['dya'] }, { columns: ['dya'] }])
      await expect(readDataset(database, train.ref, options)).rejects.toMatchObject({
        code: 'schema_mismatch',
        message: expect.stringContaining(`${train.ref.table} has no column "dya"`),
      });
  });

  it('reads fresh rows without their key, and refuses a key that one of the tables lacks', async () => {
    const { train, test: held } = await buildTrainTest(database, { relation: relationOf(), split: random });
    const query = { test: held.ref, tables: [train.ref], columns: ['y'] };
    const fresh = await rowsAbsentFrom(database, { ...query, keyColumns: ['id'] });
    const whole = await readDataset(database, held.ref, { orderBy: ['id'] });
    expect(getNumericColumn(fresh, 'y').values).toEqual(getNumericColumn(whole, 'y').values);
    const narrow = { ...train.ref, columns: train.ref.columns.filter(({ name }) => name !== 'id') };
    for (const refused of [
      { ...query, keyColumns: ['idd'] },
      { ...query, keyColumns: ['id'], tables: [narrow] },
      { ...query, keyColumns: ['id'], source: { ...relationOf(), columns: [] } },
    ])
      await expect(rowsAbsentFrom(database, refused)).rejects.toMatchObject({ code: 'schema_mismatch' });
  });

  it('finds the test rows a model was not trained on', async () => {
    const old = await buildTrainTest(database, { relation: relationOf({}, 200), split: random });
    const grown = await buildTrainTest(database, { relation: relationOf({}, 400), split: random });
    const fresh = await rowsAbsentFrom(database, {
      test: grown.test.ref,
      tables: [old.train.ref],
      keyColumns: ['id'],
      columns: ['id', 'y'],
    });
    const trained = new Set(getNumericColumn(await readDataset(database, old.train.ref), 'id').values);
    const ids = [...getNumericColumn(fresh, 'id').values];
    expect(ids).toHaveLength(grown.test.ref.rowCount);
    expect(ids.some((id) => trained.has(id))).toBe(false);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  });
});
