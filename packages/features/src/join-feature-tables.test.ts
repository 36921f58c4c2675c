import { batchFromRows, type CellValue, type Relation } from '@slipway/contracts';
import { migrate, readBatch, type Database } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FeatureRelationOptions } from './feature-relation.ts';
import {
  defineFeatureTable,
  featureRelation,
  featuresMigrations,
  joinFeatureTables,
  loadFeatureTable,
  type FeatureTable,
} from './index.ts';

let test: TestDatabase;
let database: Database;
let tables = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
  await migrate(database, featuresMigrations);
});
afterAll(() => test.drop());

const hour = 3_600_000_000;
type Roles = Pick<FeatureRelationOptions, 'features' | 'target'>;
type Row = Readonly<Record<string, CellValue>>;

/** Sales by store and hour, prices by store and hour, weather by region and hour, and one row about each store. */
function defineTables(): Record<'sales' | 'prices' | 'weather' | 'stores', FeatureTable> {
  tables += 1;
  const define = (name: string, key: string, eventTime: boolean, value: string): FeatureTable =>
    defineFeatureTable({
      name: `${name}_${tables}`,
      owner: 'shops',
      entityKey: [key],
      ...(eventTime ? { eventTime: 'at' } : {}),
      columns: {
        [key]: { type: 'long' },
        ...(eventTime ? { at: { type: 'datetime' } } : {}),
        [value]: { type: 'double', nullable: true },
      },
    });
  return {
    sales: define('sales', 'store', true, 'sold'),
    prices: define('prices', 'store', true, 'price'),
    weather: define('weather', 'region', true, 'warmth'),
    stores: define('stores', 'store', false, 'size'),
  };
}

let known: ReturnType<typeof defineTables>;
beforeEach(() => void (known = defineTables()));

async function load(table: FeatureTable, rows: readonly Row[]): Promise<void> {
  const columns = Object.entries(table.columns).map(([name, { type }]) => ({ name, type }));
  const source = { kind: 'batch', batch: batchFromRows(rows, columns), description: 'made up' } as const;
  await loadFeatureTable(database, table, source, { holder: 'tests', now: Date.now });
}

async function rowsOf(relation: Relation): Promise<Row[]> {
  const keys = relation.columns.filter(({ role }) => role === 'entityKey' || role === 'eventTime');
  const batch = await readBatch(database, { ...relation, orderBy: keys.map(({ name }) => name) });
  return Array.from({ length: batch.rowCount }, (_, row) =>
    Object.fromEntries(
      batch.columns.map(({ name, values }) => {
        const value = values[row] ?? null;
        return [name, Number.isNaN(value) ? null : value];
      }),
    ),
  );
}

/** The rows of a table after its first loads, by key: a later load's row takes the place of an earlier one's. */
function asKnown(loads: readonly (readonly Row[])[], count: number, key: readonly string[]): Row[] {
  const byKey = new Map<string, Row>();
  for (const rows of loads.slice(0, count))
    for (const row of rows) byKey.set(JSON.stringify(key.map((name) => row[name])), row);
  return [...byKey.values()];
}

/** The latest row of an entity at a time, by looking at each. */
function latest(
  rows: readonly Row[],
  isSame: (row: Row) => boolean,
  at: number,
  maximumAge = Infinity,
): Row | undefined {
  const before = rows.filter((row) => isSame(row) && Number(row['at']) <= at);
  const newest = before.toSorted((a, b) => Number(b['at']) - Number(a['at']))[0];
  return newest !== undefined && at - Number(newest['at']) <= maximumAge ? newest : undefined;
}

describe('joinFeatureTables', () => {
  it('equals a naive implementation, with late rows, corrections, ties and entities nobody knows', async () => {
    const small = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
    const value = fc.option(fc.integer({ min: 0, max: 9 }));
    const loadsOf = (key: string, name: string): fc.Arbitrary<Row[][]> =>
      fc.array(
        fc.uniqueArray(fc.record({ [key]: small(4), at: small(8).map((n) => n * hour), [name]: value }), {
          selector: (row) => `${String(row[key])} ${String(row['at'])}`,
          minLength: 1,
          maxLength: 10,
        }),
        { minLength: 1, maxLength: 3 },
      );
    const input = fc.record({
      sales: loadsOf('store', 'sold'),
      prices: loadsOf('store', 'price'),
      weather: loadsOf('region', 'warmth'),
      stores: fc.uniqueArray(fc.record({ store: small(4), size: value }), {
        selector: ({ store }) => store,
        minLength: 1,
      }),
      age: fc.option(small(4), { nil: undefined }),
      load: small(3),
    });
    const property = fc.asyncProperty(
      input,
      async ({ sales, prices, weather, stores, age, load: wanted }) => {
        known = defineTables();
        const loads = { sales, prices, weather, stores: [stores] };
        const numbers: Record<string, number> = {};
        const counts: Record<string, number> = {};
        for (const name of ['sales', 'prices', 'weather', 'stores'] as const) {
          for (const [index, rows] of loads[name].entries()) {
            await load(known[name], rows);
            if (index < wanted) counts[name] = index + 1;
            const { watermark } = await featureRelation(database, known[name]);
            if (index < wanted) numbers[known[name].name] = watermark[known[name].name] ?? 0;
          }
        }
        const relation = await joinFeatureTables(database, known.sales, {
          asOf: numbers,
          joins: [
            {
              table: known.prices,
              columns: ['price'],
              ...(age === undefined ? {} : { maximumAgeHours: age }),
            },
            { table: known.weather, columns: ['warmth', 'at'], on: { region: 'store' }, prefix: 'weather_' },
            { table: known.stores, columns: ['size'] },
          ],
        });
        const [priced, warm] = [
          asKnown(prices, counts['prices'] ?? 0, ['store', 'at']),
          asKnown(weather, counts['weather'] ?? 0, ['region', 'at']),
        ];
        const expected = asKnown(sales, counts['sales'] ?? 0, ['store', 'at']).map((row) => {
          const at = Number(row['at']);
          const found = latest(warm, ({ region }) => region === row['store'], at);
          return {
            ...row,
            price:
              latest(priced, ({ store }) => store === row['store'], at, (age ?? Infinity) * hour)?.[
                'price'
              ] ?? null,
            weather_warmth: found?.['warmth'] ?? null,
            weather_at: found?.['at'] ?? null,
            size: stores.find(({ store }) => store === row['store'])?.size ?? null,
          };
        });
        expect(relation.watermark).toEqual(numbers);
        const order = (row: Row): number => Number(row['store']) * 1e15 + Number(row['at']);
        expect(await rowsOf(relation)).toEqual(expected.toSorted((a, b) => order(a) - order(b)));
      },
    );
    await fc.assert(property, { numRuns: 15, seed: 20_261_125 });
  });

  it('does not see what was loaded or corrected after the watermark', async () => {
    await load(known.sales, [{ store: 1, at: 5 * hour, sold: 7 }]);
    await load(known.prices, [{ store: 1, at: 2 * hour, price: 10 }]);
    const options = { joins: [{ table: known.prices, columns: ['price'] }] };
    const before = await joinFeatureTables(database, known.sales, options);
    const rows = await rowsOf(before);
    expect(rows).toEqual([{ store: 1, at: 5 * hour, sold: 7, price: 10 }]);
    // A backfill of a time before the sale, and a correction of the price.
    await load(known.prices, [
      { store: 1, at: 4 * hour, price: 20 },
      { store: 1, at: 2 * hour, price: 11 },
    ]);
    expect(
      await rowsOf(await joinFeatureTables(database, known.sales, { ...options, asOf: before.watermark })),
    ).toEqual(rows);
    expect(await rowsOf(before)).toEqual(rows);
    expect(await rowsOf(await joinFeatureTables(database, known.sales, options))).toEqual([
      { ...rows[0], price: 20 },
    ]);
  });

  it('takes a value of the same time, and one exactly as old as allowed', async () => {
    await load(
      known.sales,
      [2, 5, 6].map((n) => ({ store: 1, at: n * hour, sold: n })),
    );
    await load(known.prices, [{ store: 1, at: 2 * hour, price: 10 }]);
    const joined = await joinFeatureTables(database, known.sales, {
      joins: [{ table: known.prices, columns: ['price'], maximumAgeHours: 3 }],
    });
    expect((await rowsOf(joined)).map(({ price }) => price)).toEqual([10, 10, null]);
  });

  it('gives roles by name, and refuses names that meet, keys that do not fit and times that one side lacks', async () => {
    for (const table of Object.values(known)) await load(table, []);
    const join = (
      joins: Parameters<typeof joinFeatureTables>[2]['joins'],
      table = known.sales,
    ): Promise<Relation> =>
      joinFeatureTables(database, table, { joins, features: ['price'], target: 'sold' });
    const { columns } = await join([{ table: known.prices, columns: ['price'] }]);
    expect(columns.map(({ name, role, nullable }) => [name, role, nullable])).toEqual([
      ['store', 'entityKey', false],
      ['at', 'eventTime', false],
      ['sold', 'target', true],
      ['price', 'feature', true],
    ]);
    await expect(join([{ table: known.prices, columns: ['at'] }])).rejects.toThrow(/"at" would come twice/);
    const [fits, tooLong] = [58, 59].map((length) => 'p'.repeat(length));
    await expect(
      join([
        { table: known.prices, columns: ['price'] },
        { table: known.prices, columns: ['price'], prefix: fits! },
      ]),
    ).resolves.toBeDefined();
    await expect(join([{ table: known.prices, columns: ['price'], prefix: tooLong! }])).rejects.toThrow(
      /more than the 63 bytes that Postgres keeps\. Give the joined columns a shorter "prefix"/,
    );
    await expect(join([{ table: known.prices, columns: ['cost'] }])).rejects.toMatchObject({
      code: 'schema_mismatch',
    });
    await expect(join([{ table: known.weather, columns: ['warmth'] }])).rejects.toThrow(/no column "region"/);
    for (const maximumAgeHours of [NaN, -1, Infinity])
      await expect(join([{ table: known.prices, columns: ['price'], maximumAgeHours }])).rejects.toThrow(
        /maximum age/,
      );
    const misspelt = joinFeatureTables(database, known.sales, { joins: [], asOf: { salse: 1 } });
    await expect(misspelt).rejects.toThrow(/"salse" was given, which is not joined/);
    const wrong = { table: known.weather, columns: ['warmth'], on: { region: 'sold' } };
    await expect(join([wrong])).rejects.toMatchObject({ code: 'schema_mismatch' });
    await expect(join([{ ...wrong, on: { area: 'store' } }])).rejects.toThrow(
      /"area" is not in its entity key/,
    );
    await expect(join([{ table: known.prices, columns: ['price'] }], known.stores)).rejects.toThrow(
      /has none to compare/,
    );
  });

  it('takes every other column for a feature unless they are named, as featureRelation does', async () => {
    for (const table of Object.values(known)) await load(table, []);
    const joins = [{ table: known.prices, columns: ['price'], prefix: 'our_' }];
    const roles = async (options: Roles): Promise<Record<string, string>> => {
      const { columns } = await joinFeatureTables(database, known.sales, { joins, ...options });
      const own = await featureRelation(database, known.sales, withoutJoined(options));
      expect(own.columns).toEqual(columns.slice(0, 3));
      return Object.fromEntries(columns.slice(2).map(({ name, role }) => [name, role]));
    };
    const withoutJoined = ({ features, target }: Roles): Roles => ({
      ...(features === undefined ? {} : { features: features.filter((name) => name !== 'our_price') }),
      ...(target === undefined || target === 'our_price' ? {} : { target }),
    });
    expect(await roles({})).toEqual({ sold: 'feature', our_price: 'feature' });
    expect(await roles({ target: 'our_price' })).toEqual({ sold: 'feature', our_price: 'target' });
    expect(await roles({ target: 'sold' })).toEqual({ sold: 'target', our_price: 'feature' });
    expect(await roles({ features: [] })).toEqual({ sold: 'attribute', our_price: 'attribute' });
    expect(await roles({ features: ['store', 'our_price'] })).toEqual({
      sold: 'attribute',
      our_price: 'feature',
    });
  });

  it.each([
    [{ features: ['sodl'] }, /The feature "sodl" is not among .*Did you mean "sold"\?/],
    [{ target: 'sale' }, /The target "sale" is not among the columns of sales_\d+/],
    [{ target: 'at' }, /The target "at" is not among .* its row key apart/],
    [{ columns: ['at'], target: 'sold' }, /expected (none|price)\. Correct it, or add it to the columns\./],
    [{ columns: ['at'], features: ['sold'] }, /"sold" is not among/],
  ])('refuses roles of columns that are not there, as featureRelation does: %j', async (options, message) => {
    for (const table of Object.values(known)) await load(table, []);
    const joins = [{ table: known.prices, columns: ['price'] }];
    const both = [
      () => joinFeatureTables(database, known.sales, { joins, ...options }),
      () => featureRelation(database, known.sales, options),
    ];
    for (const make of both) {
      await expect(make()).rejects.toMatchObject({ code: 'schema_mismatch' });
      await expect(make()).rejects.toThrow(message);
    }
  });
});
