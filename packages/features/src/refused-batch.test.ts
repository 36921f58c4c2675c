import { SlipwayError } from '@slipway/contracts';
import { migrate, type Database } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  defineFeatureTable,
  featuresMigrations,
  loadFeatureTable,
  type FeatureRow,
  type LoadResult,
  type Violation,
} from './index.ts';
import { dropStaging } from './staging-table.ts';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
  await migrate(database, featuresMigrations);
});
afterAll(() => test.drop());

const table = defineFeatureTable({
  name: 'stores',
  owner: 'shops',
  entityKey: ['store'],
  columns: {
    store: { type: 'long' },
    kind: { type: 'string', enum: ['a', 'b'] },
    code: { type: 'string', pattern: '^[A-Z]{2}$' },
    sales: { type: 'double', range: [0, 1] },
  },
  checks: [{ name: 'a_sells_little', sql: "kind <> 'a' OR sales < 0.9" }],
});
const day = 86_400_000;

async function refuse(
  rows: Iterable<FeatureRow> | AsyncIterable<FeatureRow>,
  now: number,
  rejectRetentionDays?: number,
): Promise<unknown> {
  const source = { kind: 'rows', rows, description: `batch of day ${now / day}` } as const;
  const retention = rejectRetentionDays === undefined ? {} : { rejectRetentionDays };
  const options = { holder: 'test', now: () => now, ...retention };
  return loadFeatureTable(database, table, source, options).catch((error: unknown) => error);
}

const kept = (): Promise<readonly unknown[]> =>
  database.query('SELECT source, row_count::int AS rows FROM features._reject ORDER BY id');

describe('a refused batch', () => {
  it('of 100,000 rows has each of five kinds of violation with count, share and keys', async () => {
    const rows = function* (): Generator<FeatureRow> {
      for (let n = 0; n < 100_000; n += 1) {
        const kind = n % 1000 === 1 ? 'z' : 'a';
        const code = n % 2000 === 2 ? 'x' : 'AB';
        const sales = n % 500 === 3 ? 2 : n % 5000 === 4 ? 0.95 : n % 10_000 === 5 ? 'many' : 0.5;
        yield { store: n % 50_000 === 49_999 ? n - 1 : n, kind, code, sales };
      }
    };
    const error = (await refuse(rows(), 0)) as SlipwayError;
    const { violations } = error.details as { violations: readonly Violation[] };
    const keys = (first: number, step: number): string[] =>
      [0, 1, 2, 3, 4].map((n) => `{"store":${first + n * step}}`);
    const found = (constraint: string, count: number, sampleKeys: readonly string[]): Violation => ({
      constraint,
      count,
      share: count / 100_000,
      sampleKeys,
    });
    expect(violations).toEqual([
      found('sales_type_double', 10, ['row 6', 'row 10006', 'row 20006', 'row 30006', 'row 40006']),
      found('kind_enum', 100, keys(1, 1000)),
      found('code_pattern', 50, keys(2, 2000)),
      found('sales_range', 200, keys(3, 500)),
      // A row beyond the range of sales breaks this check as well.
      found(
        'a_sells_little',
        220,
        [3, 4, 503, 1003, 1503].map((n) => `{"store":${n}}`),
      ),
      found(
        'row_key_unique',
        4,
        [49_998, 99_998].map((n) => `{"store":${n}}`),
      ),
    ]);
    expect(await kept()).toEqual([{ source: 'batch of day 0', rows: 100_000 }]);
  });

  it('is kept until its own retention is over', async () => {
    await database.execute('DELETE FROM features._reject');
    const bad = [{ store: 1 }];
    const sources = async (): Promise<unknown[]> =>
      (await kept()).map((row) => (row as { source: string }).source);
    await refuse(bad, 0);
    await refuse(bad, day, 1);
    await refuse(bad, 2 * day - 1);
    expect(await sources()).toHaveLength(3);
    await refuse(bad, 2 * day);
    expect(await sources()).toEqual(['batch of day 0', expect.stringContaining('1.99'), 'batch of day 2']);
    await refuse(bad, 30 * day - 1);
    expect(await sources()).toHaveLength(4);
    await refuse(bad, 30 * day);
    expect(await sources()).not.toContain('batch of day 0');
  });

  it('is not reported by a loader that lost its lease: an entity of its samples may be erased by then', async () => {
    await database.execute('DELETE FROM features._reject');
    const rows = async function* (): AsyncGenerator<FeatureRow> {
      yield { store: 1 };
      await database.execute(
        "UPDATE slipway_leases.lease SET holder = 'eraser', token = token + 1 WHERE name = 'features:' || $1",
        [table.name],
      );
    };
    expect(await refuse(rows(), 0)).toMatchObject({ code: 'lease_lost' });
    expect(await kept()).toEqual([]);
    await database.execute("UPDATE slipway_leases.lease SET expires_at = '-infinity'");
  });
});

describe('a server that goes away at the end of a load', () => {
  const unreachable = new SlipwayError('database_unreachable', { what: 'The connection was cut' });
  const leaving = (pattern: RegExp): Database => ({
    ...database,
    execute: (sql, parameters) =>
      pattern.test(sql) ? Promise.reject(unreachable) : database.execute(sql, parameters),
  });

  it.each([
    ['before the staged rows are dropped', /^DROP TABLE/],
    ['before the table is analysed', /^ANALYZE "features"\."[a-z]/],
  ])('hides neither a refusal nor a load: %s', async (_, pattern) => {
    const store = pattern.source.length;
    const now = (): number => 0;
    const load = (sales: number | null): Promise<LoadResult> => {
      const rows = [{ store, kind: 'a', code: 'AB', sales }];
      const source = { kind: 'rows', rows, description: 'made up' } as const;
      return loadFeatureTable(leaving(pattern), table, source, { holder: 'test', now });
    };
    await expect(load(null)).rejects.toMatchObject({ code: 'data_rejected' });
    // A server that is back by the next load: it drops what the refused one left.
    await dropStaging(database, table);
    expect(await load(0.5)).toMatchObject({ outcome: 'loaded' });
    await dropStaging(database, table);
  });
});
