import { randomBytes } from 'node:crypto';
import { SlipwayError, type ColumnType } from '@slipway/contracts';
import {
  inlineParameters,
  postgresTypes,
  quoteIdentifier,
  quoteLiteral,
  quoteTable,
  type Database,
  type TableName,
} from '@slipway/database';
import { typeProblem } from './cell-problem.ts';
import type { FeatureSource } from './feature-source.ts';
import type { FeatureTable } from './feature-table.ts';
import { readCell } from './query-cell.ts';
import type { ReadProblems } from './read-problems.ts';
import { sourceLine, unreadCells } from './staging-table.ts';
import { sampleSize } from './violation.ts';

export interface QueryStaging {
  readonly table: FeatureTable;
  readonly staging: TableName;
  readonly source: Extract<FeatureSource, { kind: 'query' }>;
  readonly problems: ReadProblems;
}

/**
 * Fills the staging table from a query inside the database. Values that no column type holds (NaN, infinities, longs
 * beyond +-2^53, a bigint that a double would round, a decimal beyond every double) are staged as NULL and counted; other
 * decimals become the nearest double.
 * @throws SlipwayError `schema_mismatch` when the query's columns are not those of the table
 */
export async function stageQuery(
  database: Database,
  { table, staging, source, problems }: QueryStaging,
): Promise<void> {
  const query = inlineParameters(source.sql, source.parameters);
  const found = await describeQuery(database, query);
  checkColumns(table, found);
  const cells = Object.entries(table.columns).map(([name, { type }]) => {
    const { value, isUnread } = readCell(quoteIdentifier(name), type, found.get(name) ?? '');
    return { name, isUnread, sql: `CASE WHEN NOT (${isUnread}) THEN ${value} END` };
  });
  const unread = cells.map(
    ({ name, isUnread }) => `CASE WHEN ${isUnread} THEN ${quoteLiteral(`${name},`)} END`,
  );
  const names = [...cells.map(({ name }) => name), sourceLine, unreadCells].map(quoteIdentifier);
  const values = [
    ...cells.map(({ sql }) => sql),
    'row_number() OVER ()',
    // An array, not concat(): a function takes 100 arguments.
    `',' || nullif(array_to_string(ARRAY[${unread.join(', ')}]::text[], ''), '')`,
  ];
  const rows = await database.execute(
    `INSERT INTO ${quoteTable(staging)} (${names.join(', ')}) SELECT ${values.join(', ')} FROM (${query}\n) AS source`,
  );
  problems.addRows(rows);
  await countUnread(database, { table, staging, problems });
}

/** Names and Postgres types of a query's columns. Nothing of it is run. */
async function describeQuery(database: Database, query: string): Promise<Map<string, string>> {
  const probe = quoteTable({ schema: 'features', table: `_query_${randomBytes(8).toString('hex')}` });
  return database.transaction(async (transaction) => {
    await transaction.execute(`CREATE TABLE ${probe} AS SELECT * FROM (${query}\n) AS source WITH NO DATA`);
    const columns = await transaction.query<{ name: string; type: string }>(
      `SELECT attname::text AS name, atttypid::regtype::text AS type FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0`,
      [probe],
    );
    await transaction.execute(`DROP TABLE ${probe}`);
    return new Map(columns.map(({ name, type }) => [name, type]));
  });
}

function checkColumns(table: FeatureTable, found: ReadonlyMap<string, string>): void {
  const problems = [
    ...Object.keys(table.columns)
      .filter((name) => !found.has(name))
      .map((name) => `no column "${name}"`),
    ...[...found.keys()]
      .filter((name) => !Object.hasOwn(table.columns, name))
      .map((name) => `"${name}", which is no column of it`),
    ...Object.entries(table.columns).flatMap(([name, { type }]) => wrongType(name, type, found.get(name))),
  ];
  if (problems.length === 0) return;
  throw new SlipwayError('schema_mismatch', {
    what: `The query does not fit feature table ${table.name}`,
    expected: Object.entries(table.columns)
      .map(([name, { type }]) => `${name} ${postgresTypes[type]}`)
      .join(', '),
    received: problems.join('; '),
    next: 'Select exactly these columns by name, and cast what has another type',
  });
}

function wrongType(name: string, type: ColumnType, found: string | undefined): string[] {
  if (found === undefined || readCell('x', type, found).value !== undefined) return [];
  return [`"${name}" of type ${found}`];
}

/** Notes the cells that could not be read: by column, how many and where the first are. One scan. */
async function countUnread(
  database: Database,
  { table, staging, problems }: Omit<QueryStaging, 'source'>,
): Promise<void> {
  const unread = `SELECT name, ${sourceLine} AS line, row_number() OVER (PARTITION BY name ORDER BY ${sourceLine}) AS place
    FROM ${quoteTable(staging)}, string_to_table(btrim(${unreadCells}, ','), ',') AS name`;
  const found = await database.query<{ name: string; count: string; lines: string[] }>(
    `SELECT name, count(*) AS count, array_agg(line ORDER BY line) FILTER (WHERE place <= ${sampleSize}) AS lines
     FROM (${unread}) AS unread GROUP BY name`,
  );
  const byName = new Map(found.map((column) => [column.name, column]));
  for (const [name, { type }] of Object.entries(table.columns)) {
    const column = byName.get(name);
    if (column !== undefined)
      problems.addMany(typeProblem(name, type), Number(column.count), column.lines.map(Number));
  }
}
