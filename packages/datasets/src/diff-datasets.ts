import { SlipwayError, type ColumnSpec, type DatasetRef } from '@slipway/contracts';
import { quoteIdentifier, quoteTable, type Queryable } from '@slipway/database';
import { canonicalRow } from './canonical-row.ts';
import { checkColumns } from './check-columns.ts';
import type { CataloguedDataset } from './list-datasets.ts';
import { rowKeyOfDataset } from './row-key-of-dataset.ts';
import { textCell } from './text-cell.ts';

/** How two datasets differ, over the columns that both have with the same type. */
export interface DatasetDiff {
  /** Columns that only one has, or has with another type. */
  readonly columnsOnlyInFirst: readonly string[];
  readonly columnsOnlyInSecond: readonly string[];
  /** Of the 256 buckets of row hashes, how many differ. */
  readonly bucketsDiffering: number;
  /** Rows by content: a row that comes twice in one and once in the other counts once. */
  readonly rowsOnlyInFirst: number;
  readonly rowsOnlyInSecond: number;
  /** Of these, row keys that both have, with other values. */
  readonly keysChanged: number;
  /** Up to ten row keys of each side, as text by column. */
  readonly sampleOfFirst: readonly Readonly<Record<string, string | null>>[];
  readonly sampleOfSecond: readonly Readonly<Record<string, string | null>>[];
}

const sampleRows = 10;
/** Columns that a message names. */
const shownColumns = 10;

/**
 * Compares two stored datasets inside Postgres: bucket by bucket first, then row by row in the buckets that differ.
 * Equal datasets have one digest and no difference.
 * @throws SlipwayError `dataset_damaged` when a table is gone or has other columns than it was registered with,
 * `invalid_argument` when no column is in both
 */
export async function diffDatasets(
  queryable: Queryable,
  first: CataloguedDataset,
  second: CataloguedDataset,
): Promise<DatasetDiff> {
  for (const { ref } of [first, second]) await checkColumns(queryable, ref);
  const shared = first.ref.columns.filter((column) => hasColumn(second.ref, column));
  if (shared.length === 0) throw nothingShared(first.ref, second.ref);
  const buckets = await findDifferingBuckets(queryable, [first.ref, second.ref], shared);
  const key = rowKeyOfDataset(first).filter((name) => shared.some((column) => column.name === name));
  const sides = { first: first.ref, second: second.ref, shared, buckets, key };
  const counts = await countRows(queryable, sides);
  return {
    columnsOnlyInFirst: namesLackingIn(second.ref, first.ref),
    columnsOnlyInSecond: namesLackingIn(first.ref, second.ref),
    bucketsDiffering: buckets.length,
    ...counts,
    sampleOfFirst: await sample(queryable, sides, 'only_first'),
    sampleOfSecond: await sample(queryable, sides, 'only_second'),
  };
}

/** Without a column to compare all rows would count as equal. */
function nothingShared(first: DatasetRef, second: DatasetRef): SlipwayError {
  return new SlipwayError('invalid_argument', {
    what: `${first.table} and ${second.table} have no column in common`,
    expected: `one of the same name and type as in ${listColumns(first)}`,
    received: listColumns(second),
    next: 'Compare datasets of one source',
  });
}

function listColumns({ columns }: DatasetRef): string {
  const shown = columns.slice(0, shownColumns).map(({ name, type }) => `${name} ${type}`);
  const others = columns.length - shown.length;
  return `${shown.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}

interface Sides {
  readonly first: DatasetRef;
  readonly second: DatasetRef;
  readonly shared: readonly ColumnSpec[];
  readonly buckets: readonly number[];
  readonly key: readonly string[];
}

async function findDifferingBuckets(
  queryable: Queryable,
  [first, second]: readonly [DatasetRef, DatasetRef],
  columns: readonly ColumnSpec[],
): Promise<number[]> {
  const buckets = (ref: DatasetRef): string =>
    `SELECT get_byte(hash, 0) AS number, sha256(string_agg(hash, ''::bytea ORDER BY hash)) AS digest
     FROM (SELECT sha256(${canonicalRow(columns)}) AS hash FROM ${quoteTable(ref)} OFFSET 0) AS hashed GROUP BY 1`;
  const rows = await queryable.query<{ number: number }>(
    `SELECT number FROM (${buckets(first)}) AS a FULL JOIN (${buckets(second)}) AS b USING (number)
     WHERE a.digest IS DISTINCT FROM b.digest ORDER BY number`,
  );
  return rows.map(({ number }) => number);
}

/** WITH clauses: rows of the differing buckets that only one side has. Copies are numbered, so that duplicates count. */
function onlyInOne({ first, second, shared, buckets, key }: Sides): string {
  // Names of our own: a key column may be called hash or copy.
  const keys = key.map((_, index) => `, ${keyName(index)}`).join('');
  const named = key.map((name, index) => `, ${quoteIdentifier(name)} AS ${keyName(index)}`).join('');
  const numbered = (ref: DatasetRef): string =>
    `SELECT hash, row_number() OVER (PARTITION BY hash) AS copy${keys}
     FROM (SELECT sha256(${canonicalRow(shared)}) AS hash${named} FROM ${quoteTable(ref)} OFFSET 0) AS hashed
     WHERE get_byte(hash, 0) = ANY('{${buckets.join(',')}}'::int[])`;
  const without = (side: string, other: string): string =>
    `SELECT * FROM ${side} WHERE NOT EXISTS (SELECT FROM ${other} WHERE ${other}.hash = ${side}.hash AND ${other}.copy = ${side}.copy)`;
  return `WITH in_first AS MATERIALIZED (${numbered(first)}), in_second AS MATERIALIZED (${numbered(second)}),
    only_first AS (${without('in_first', 'in_second')}), only_second AS (${without('in_second', 'in_first')})`;
}

function keyName(index: number): string {
  return `key_${index}`;
}

async function countRows(
  queryable: Queryable,
  sides: Sides,
): Promise<Pick<DatasetDiff, 'rowsOnlyInFirst' | 'rowsOnlyInSecond' | 'keysChanged'>> {
  const key = sides.key.map((_, index) => keyName(index)).join(', ');
  const keysOf = (side: string): string => `SELECT ${key} FROM ${side}`;
  const changed =
    key === ''
      ? '0'
      : `(SELECT count(*) FROM (${keysOf('only_first')} INTERSECT ${keysOf('only_second')}) AS shared)`;
  const [row] = await queryable.query<Record<'first' | 'second' | 'changed', string>>(
    `${onlyInOne(sides)} SELECT (SELECT count(*) FROM only_first) AS first,
       (SELECT count(*) FROM only_second) AS second, ${changed} AS changed`,
  );
  return {
    rowsOnlyInFirst: Number(row?.first ?? 0),
    rowsOnlyInSecond: Number(row?.second ?? 0),
    keysChanged: Number(row?.changed ?? 0),
  };
}

async function sample(
  queryable: Queryable,
  sides: Sides,
  side: 'only_first' | 'only_second',
): Promise<Record<string, string | null>[]> {
  const { key } = sides;
  if (key.length === 0) return [];
  const columns = sides.shared.filter(({ name }) => key.includes(name));
  const renamed = key.map((name, index) => `${keyName(index)} AS ${quoteIdentifier(name)}`);
  const order = columns.map((_, index) => index + 1).join(', ');
  const rows = await queryable.query<Record<string, string | null>>(
    `${onlyInOne(sides)} SELECT ${columns.map(textCell).join(', ')}
     FROM (SELECT ${renamed.join(', ')} FROM ${side}) AS rows ORDER BY ${order} LIMIT ${sampleRows}`,
  );
  return [...rows];
}

function hasColumn({ columns }: DatasetRef, { name, type }: ColumnSpec): boolean {
  return columns.some((column) => column.name === name && column.type === type);
}

function namesLackingIn(other: DatasetRef, { columns }: DatasetRef): string[] {
  return columns.filter((column) => !hasColumn(other, column)).map(({ name }) => name);
}
