import type { ColumnRole, ColumnType, Relation } from '@slipway/contracts';
import { migrate, type Database } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildTrainTest,
  datasetsMigrations,
  digestColumnBatch,
  listDatasets,
  readDataset,
  splitSchema,
  type Split,
} from './index.ts';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
  await migrate(database, datasetsMigrations);
});
afterAll(() => test.drop());

const split = splitSchema.parse({ kind: 'random', testShare: 0.5, seed: 1 });

/** 40 rows, whose column of a type is an expression where n = 7 and another elsewhere. */
function relationWith(
  column: { name?: string; type: ColumnType; role?: ColumnRole },
  odd: string,
  usual: string,
): Relation {
  const { name = 'value', type, role = 'feature' } = column;
  return {
    source: 'odd',
    sql: `SELECT n AS id, CASE WHEN n = 7 THEN ${odd} ELSE ${usual} END AS "${name.replaceAll('"', '""')}"
          FROM generate_series(1, 40) AS n`,
    parameters: [],
    columns: [
      { name: 'id', type: 'long', role: 'entityKey', nullable: false },
      { name, type, role, nullable: true },
    ],
    watermark: {},
  };
}

const build = (relation: Relation): ReturnType<typeof buildTrainTest> =>
  buildTrainTest(database, { relation, split });
const infinite = ['NaN', 'Infinity', '-Infinity'].map(
  (value) => ['double', `'${value}'::float8`, '1.0::float8'] as const,
);

describe('a long that is none', () => {
  it.each([
    ['numeric', '1.5', '1'],
    ['double precision', '1.5::float8', '1::float8'],
    ['text', "'1'", "'2'"],
  ])('is refused when it comes as %s: a cast would round it or read it', async (type, odd, usual) => {
    await expect(build(relationWith({ type: 'long' }, odd, usual))).rejects.toMatchObject({
      code: 'schema_mismatch',
      message: expect.stringContaining(`received "value" of type ${type}`),
    });
  });
});

describe('a value that a dataset cannot hold', () => {
  it.each([
    ...infinite,
    ['long', '9007199254740992', '1::bigint'],
    ['long', '-9007199254740992', '1::bigint'],
    ['datetime', "timestamptz 'infinity'", 'now()'],
    ['datetime', "timestamptz '-infinity'", 'now()'],
    ['datetime', "timestamptz '2255-06-05 23:47:34.740992+00'", 'now()'],
    ['datetime', "timestamptz '1684-07-28 00:12:25.259008+00'", 'now()'],
  ] as const)('is refused with column and count, and nothing is kept: %s %s', async (type, odd, usual) => {
    await expect(build(relationWith({ type }, odd, usual))).rejects.toMatchObject({
      code: 'value_unsupported',
      message: expect.stringContaining('in 1 rows of "value"'),
      details: { columns: ['value'] },
    });
    expect(await listDatasets(database)).toEqual([]);
    expect(await database.query("SELECT FROM pg_tables WHERE tablename LIKE 'build%'")).toEqual([]);
  });

  it.each([
    ['long', 'NULL::bigint', 'n::bigint'],
    ['string', 'NULL', "'k' || n"],
    ['boolean', 'NULL', 'true'],
    ['double', 'NULL::float8', 'n::float8'],
    ['datetime', 'NULL::timestamptz', 'now()'],
  ] as const)('is NULL in a row key: %s', async (type, odd, usual) => {
    const role = type === 'datetime' ? 'eventTime' : 'entityKey';
    await expect(build(relationWith({ type, role }, odd, usual))).rejects.toMatchObject({
      code: 'value_unsupported',
      message: expect.stringContaining('NULL in 1 rows of "value"'),
    });
  });
});

describe('a value at the edge', () => {
  it.each([
    ['long', '9007199254740991', '-9007199254740991::bigint'],
    [
      'datetime',
      "timestamptz '2255-06-05 23:47:34.740991+00'",
      "timestamptz '1684-07-28 00:12:25.259009+00'",
    ],
    ['double', "'5e-324'::float8", "'-1.7976931348623157e308'::float8"],
    ['string', "''", "E'\\U0001F6F3 \\'; DROP TABLE x; --'"],
  ] as const)('is kept to the bit: %s', async (type, odd, usual) => {
    const { train, test: held } = await build(relationWith({ type }, odd, usual));
    for (const { ref } of [train, held])
      expect(digestColumnBatch(await readDataset(database, ref))).toBe(ref.digest);
  });
});

describe('names of columns and sources', () => {
  it.each([
    'with "quotes"',
    "it's",
    'größe',
    'select',
    'a b',
    '; DROP TABLE training.dataset; --',
    'is_test',
    'x'.repeat(63),
  ])('may be %s', async (name) => {
    const relation = { ...relationWith({ name, type: 'double' }, '0.5', 'n * 1.0'), source: name };
    const { train } = await build(relation);
    expect(train.ref.columns[1]?.name).toBe(name);
    expect(train.ref.table).toMatch(/^[a-z0-9_]{1,63}$/);
    expect(digestColumnBatch(await readDataset(database, train.ref))).toBe(train.ref.digest);
  });

  it.each([
    ['x'.repeat(64), 'x'.repeat(64)],
    ['é'.repeat(32), 'é'.repeat(32)],
    ['id', 'id'],
    ['', 'x'],
    ['nul\0', 'x'],
    ['ctid', 'x'],
  ])('that no table can have as they are, are refused: %j', async (name, inSql) => {
    const relation = relationWith({ name: inSql, type: 'double' }, '0.5', 'n * 1.0');
    const [id, value] = relation.columns;
    const columns = [id!, { ...value!, name }];
    await expect(build({ ...relation, columns })).rejects.toMatchObject({
      code: 'configuration_invalid',
      message: expect.stringContaining('names of 1 to 63 bytes'),
    });
  });
});

describe('what a recipe cannot keep', () => {
  const relation = relationWith({ type: 'double' }, '0.5', 'n * 3.5');

  it.each([
    ['a cutoff that is a date', { kind: 'time', cutoff: '2026-01-31', gapHours: 0 }],
    ['a seed with a fraction', { kind: 'random', testShare: 0.5, seed: 1.5 }],
    ['no seed', { kind: 'random', testShare: 0.5 }],
    ['a share as a text', { kind: 'random', testShare: '0.5', seed: 1 }],
    ['a share that is no number', { kind: 'random', testShare: NaN, seed: 1 }],
    ['no split', undefined],
  ])('is refused, and the catalogue stays readable: %s', async (_, odd) => {
    const wrong = odd as unknown as Split;
    await expect(buildTrainTest(database, { relation, split: wrong })).rejects.toMatchObject({
      code: 'configuration_invalid',
    });
    await expect(listDatasets(database)).resolves.toBeDefined();
  });

  it.each([
    [
      'a column without nullable',
      { columns: relation.columns.map(({ name, type, role }) => ({ name, type, role })) },
    ],
    ['a parameter that JSON does not have', { parameters: [NaN] }],
    ['no parameters', { parameters: undefined }],
    ['no watermark', { watermark: undefined }],
    ['a load as a text', { watermark: { shops: '7' } }],
    ['no SQL', { sql: undefined }],
  ])('is refused, and the catalogue stays readable: %s', async (_, odd) => {
    const wrong = { ...relation, ...odd } as unknown as Relation;
    await expect(build(wrong)).rejects.toMatchObject({ code: 'configuration_invalid' });
    await expect(listDatasets(database)).resolves.toBeDefined();
  });

  it('is filled in where the schema has a default', async () => {
    const usual = "timestamptz '2026-01-01 00:00Z' + n * interval '1 day'";
    const timed = relationWith({ type: 'datetime', role: 'eventTime' }, usual, usual);
    const short = { kind: 'time', cutoff: '2026-01-20T00:00:00Z' } as unknown as Split;
    await expect(buildTrainTest(database, { relation: timed, split: short })).resolves.toBeDefined();
  });
});

describe('a split', () => {
  it('that puts every row on one side is refused, and so are no rows and one row', async () => {
    const relation = relationWith({ type: 'double' }, '0.5', 'n * 1.0');
    for (const rows of ['false', 'n = 1']) {
      const sql = relation.sql.replace('AS n', `AS n WHERE ${rows}`);
      await expect(build({ ...relation, sql })).rejects.toMatchObject({ code: 'dataset_empty' });
    }
    const late = splitSchema.parse({ kind: 'time', cutoff: '2100-01-01T00:00:00Z' });
    const timed = relationWith(
      { type: 'datetime', role: 'eventTime' },
      'now()',
      "now() - n * interval '1 day'",
    );
    await expect(buildTrainTest(database, { relation: timed, split: late })).rejects.toMatchObject({
      code: 'dataset_empty',
      message: expect.stringContaining('no rows on the test side'),
    });
  });
});

describe('a row without event time', () => {
  it('is refused by a split by time too, which could put it on neither side', async () => {
    const split = splitSchema.parse({ kind: 'time', cutoff: '2026-01-10T00:00:00Z' });
    const usual = "timestamptz '2026-01-01 00:00Z' + n * interval '1 day'";
    const relation = relationWith({ type: 'datetime', role: 'eventTime' }, 'NULL', usual);
    await expect(buildTrainTest(database, { relation, split })).rejects.toMatchObject({
      code: 'value_unsupported',
      message: expect.stringContaining('NULL in 1 rows of "value"'),
    });
  });
});

describe('a connection cut in the middle of a build', () => {
  it('leaves no table and no entry, and the next build ends', async () => {
    const cut = relationWith(
      { type: 'double' },
      'pg_terminate_backend(pg_backend_pid())::int::float8',
      'n * 1.0',
    );
    const before = [await listDatasets(database), await tables()];
    await expect(build({ ...cut, source: 'cut' })).rejects.toMatchObject({
      code: 'database_unreachable',
      isRetryable: true,
    });
    expect([await listDatasets(database), await tables()]).toEqual(before);
    const whole = relationWith({ type: 'double' }, '0.5', 'n * 2.5');
    expect((await build({ ...whole, source: 'cut' })).train.created).toBe(true);
  });

  function tables(): Promise<readonly object[]> {
    return database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'training' ORDER BY tablename");
  }
});

describe('a string that the session would write', () => {
  it.each([
    ['double precision', '0.1::float8', '1::float8'],
    ['interval', "interval '1 day'", "interval '2 days'"],
    ['date', "date '2026-01-01'", "date '2026-01-02'"],
    ['bytea', "decode('00', 'hex')", "decode('01', 'hex')"],
    ['integer[]', 'ARRAY[1]', 'ARRAY[2]'],
  ])('is refused when it comes as %s', async (type, odd, usual) => {
    await expect(build(relationWith({ type: 'string' }, odd, usual))).rejects.toMatchObject({
      code: 'schema_mismatch',
      message: expect.stringContaining(`received "value" of type ${type}.`),
    });
  });

  it.each([
    ['character varying', "'a'::varchar(9)", "'b'"],
    ['bigint', '1::bigint', '2::bigint'],
    ['numeric', '1.50', '2.5'],
    ['boolean', 'true', 'false'],
    ['uuid', 'md5(n::text)::uuid', 'md5(n::text)::uuid'],
  ])('is taken as the text of a %s, which is the same everywhere', async (_, odd, usual) => {
    const { train } = await build(relationWith({ type: 'string' }, odd, usual));
    expect(train.ref.columns[1]).toEqual({ name: 'value', type: 'string' });
  });
});
