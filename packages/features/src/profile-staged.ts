import { quoteIdentifier, quoteTable, type TableName, type Transaction } from '@slipway/database';
import { rowKey, type FeatureTable } from './feature-table.ts';
import type { ColumnProfile, LoadProfile } from './load-profile.ts';

/** A column with more different texts than that holds text, not categories. */
const mostCategories = 1_000;
/** And so does one with a longer text, in bytes: the index of noted categories takes 2,704 of them, names included. */
const longestCategory = 200;
const sampleSize = 20;

/** Profiles the staged rows of a load inside Postgres, and notes the categories that are new. */
export async function profileStaged(
  transaction: Transaction,
  { table, staging, number }: { table: FeatureTable; staging: TableName; number: number },
): Promise<LoadProfile> {
  const names = Object.keys(table.columns);
  // An array for each column: a list of single values would end at 1,664 of them.
  const parts = names.map((name, index) => `ARRAY[${measures(table, name).join(', ')}] AS c${index}`);
  const [row = {}] = await transaction.query<Record<string, readonly (string | null)[]>>(
    `SELECT ARRAY[count(*)::text] AS rows, ${parts.join(', ')} FROM ${quoteTable(staging)}`,
  );
  const columns: Record<string, ColumnProfile> = {};
  for (const [index, name] of names.entries()) {
    const [nulls = '0', min = null, max = null, longest = null] = row[`c${index}`] ?? [];
    const isTime = table.columns[name]?.type === 'datetime';
    const toEnd = (end: string | null): string | number | null =>
      end === null || isTime ? end : Number(end);
    const found = mayHoldCategories(table, name, Number(longest))
      ? await findCategories(transaction, { table, staging, name, number })
      : noCategories;
    columns[name] = { nulls: Number(nulls), min: toEnd(min), max: toEnd(max), ...found };
  }
  return { formatVersion: 1, rows: Number(row['rows']?.[0] ?? 0), columns };
}

/** NULLs, the ends of what has an order that people read, and the length of the longest text, as texts. */
function measures({ columns }: FeatureTable, name: string): string[] {
  const cell = quoteIdentifier(name);
  const nulls = `(count(*) FILTER (WHERE ${cell} IS NULL))::text`;
  const ends = ['min', 'max'].map((end) => `${end}(${cell})`);
  switch (columns[name]?.type) {
    case 'double':
    case 'long':
      return [nulls, ...ends.map((end) => `${end}::float8::text`)];
    case 'datetime':
      return [
        nulls,
        ...ends.map((end) => `to_char(${end} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`),
      ];
    case 'string':
      // Of a text that lies apart only the length is read.
      return [nulls, 'NULL', 'NULL', `max(octet_length(${cell}))::text`];
    default:
      return [nulls];
  }
}

type Categories = Pick<ColumnProfile, 'categories' | 'newCategories'>;

const noCategories: Categories = { categories: null, newCategories: { count: 0, sample: [] } };

function mayHoldCategories(table: FeatureTable, name: string, longestBytes: number): boolean {
  const isText = table.columns[name]?.type === 'string' && !rowKey(table).includes(name);
  return isText && longestBytes <= longestCategory;
}

async function findCategories(
  transaction: Transaction,
  { table, staging, name, number }: { table: FeatureTable; staging: TableName; name: string; number: number },
): Promise<Categories> {
  const cell = quoteIdentifier(name);
  // The limit is for Node: Postgres reads the whole column to tell its texts apart.
  const found = await transaction.query<{ value: string }>(
    `SELECT DISTINCT ${cell} AS value FROM ${quoteTable(staging)} WHERE ${cell} IS NOT NULL LIMIT ${mostCategories + 1}`,
  );
  if (found.length > mostCategories) return noCategories;
  const added = await transaction.query<{ value: string }>(
    `INSERT INTO features._category (feature_table, column_name, value, first_load)
     SELECT $1, $2, value, $3 FROM unnest($4::text[]) AS value ON CONFLICT DO NOTHING RETURNING value`,
    [table.name, name, number, found.map(({ value }) => value)],
  );
  const fresh = number === 1 ? [] : added.map(({ value }) => value).toSorted();
  return {
    categories: found.length,
    newCategories: { count: fresh.length, sample: fresh.slice(0, sampleSize) },
  };
}
