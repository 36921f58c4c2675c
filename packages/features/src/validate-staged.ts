import { quoteIdentifier, quoteLiteral, quoteTable, type Queryable, type TableName } from '@slipway/database';
import { rowConstraints } from './constraints.ts';
import { countEach } from './count-each.ts';
import { rowKey, type FeatureTable } from './feature-table.ts';
import { nameFailingCheck } from './name-failing-check.ts';
import type { PlaceUnit } from './source-row.ts';
import { sourceLine, unreadCells } from './staging-table.ts';
import { sampleSize, type Violation } from './violation.ts';
import { rowsTable } from './rows-table.ts';

export interface StagedBatch {
  readonly table: FeatureTable;
  readonly staging: TableName;
  /** Rows of the batch, staged or not, that shares are taken of. */
  readonly rowCount: number;
  readonly unit: PlaceUnit;
}

interface Rule {
  readonly name: string;
  /** SQL over the rows of {@link stagedRows} that is true for a row that breaks the rule. */
  readonly broken: string;
  /** SQL of how many rows break it, for a rule that compares rows; the others need no more than the row. */
  readonly count?: string;
}

/**
 * Finds every violated constraint of a staged batch with one aggregate query, then sample keys for those alone.
 * Unique sets are checked within the batch and against the stored rows that stay current beside it. A cell that could
 * not be read breaks no constraint of its column, and its row none of the cross-column checks: what it holds is unknown.
 */
export async function validateStaged(
  queryable: Queryable,
  { table, staging, rowCount, unit }: StagedBatch,
): Promise<Violation[]> {
  // Nothing is known of a table just filled, and the joins below depend on what the planner believes.
  const compared = [...new Set(uniqueSets(table).flat())].map(quoteIdentifier);
  await queryable.execute(`ANALYZE ${quoteTable(staging)} (${compared.join(', ')})`);
  const rules = [...rowRules(table), ...uniqueRules(table, staging)];
  const source = stagedRows(table, staging);
  const counts = await countEach(
    queryable,
    quoteTable(staging),
    rules.map(({ broken, count }) => count ?? `count(*) FILTER (WHERE ${broken})`),
  ).catch((error: unknown) =>
    nameFailingCheck(queryable, {
      name: table.name,
      rows: staging,
      rules: rowConstraints(table),
      error,
      outcome: 'some row; nothing was loaded',
    }),
  );
  const violations: Violation[] = [];
  for (const [index, rule] of rules.entries()) {
    const count = counts[index] ?? 0;
    if (count === 0) continue;
    const keys = await sampleKeys(queryable, {
      table,
      source: rule.count === undefined ? `SELECT * FROM ${quoteTable(staging)}` : source,
      broken: rule.broken,
      unit,
    });
    violations.push({ constraint: rule.name, count, share: count / rowCount, sampleKeys: keys });
  }
  return violations;
}

function rowRules(table: FeatureTable): Rule[] {
  return rowConstraints(table).map(({ name, column, sql }) => {
    const isRead =
      column === undefined
        ? `${unreadCells} IS NULL`
        : `strpos(coalesce(${unreadCells}, ''), ${quoteLiteral(`,${column},`)}) = 0`;
    return { name, broken: `NOT (${sql}) AND ${isRead}` };
  });
}

function uniqueRules(table: FeatureTable, staging: TableName): Rule[] {
  return uniqueSets(table).map((columns, index) => ({
    name: index === 0 ? 'row_key_unique' : `unique_${columns.join('_')}`,
    broken: index === 0 ? '_copies_0 > 1' : `(_copies_${index} > 1 OR _taken_${index})`,
    count: `(${countTaken(table, staging, { columns: columns.map(quoteIdentifier), isKey: index === 0 })})`,
  }));
}

/**
 * A query of one number: the rows that share their values of a set, or have those of a stored row. Only its columns are
 * sorted.
 */
function countTaken(
  table: FeatureTable,
  staging: TableName,
  { columns, isKey }: { columns: readonly string[]; isKey: boolean },
): string {
  const list = columns.join(', ');
  const groups = `SELECT ${list}, count(*) AS copies FROM ${quoteTable(staging)} WHERE num_nulls(${list}) = 0 GROUP BY ${list}`;
  const total = `SELECT coalesce(sum(copies), 0) FROM (${groups}) AS staged`;
  if (isKey) return `${total} WHERE copies > 1`;
  return `${total} LEFT JOIN (${keptRows(table, staging, columns)}) AS kept ON ${equal(columns, 'kept', 'staged')} WHERE copies > 1 OR kept.found`;
}

/** The row key, then the other sets. */
function uniqueSets(table: FeatureTable): string[][] {
  return [rowKey(table), ...table.unique];
}

/**
 * The staged rows, each with how many share its values in every unique set, and whether a stored row that stays current
 * has them. NULL is equal to nothing, as in a unique index.
 */
function stagedRows(table: FeatureTable, staging: TableName): string {
  const sets = uniqueSets(table).map((columns) => columns.map(quoteIdentifier));
  const copies = sets.map((columns, index) => {
    const list = columns.map((name) => `staged.${name}`).join(', ');
    return `CASE WHEN num_nulls(${list}) = 0 THEN count(*) OVER (PARTITION BY ${list}) ELSE 0 END AS _copies_${index}`;
  });
  const others = sets.slice(1);
  const taken = others.map((_, index) => `kept_${index + 1}.found IS NOT NULL AS _taken_${index + 1}`);
  const joins = others.map(
    (columns, index) =>
      `LEFT JOIN (${keptRows(table, staging, columns)}) AS kept_${index + 1} ON ${equal(columns, `kept_${index + 1}`, 'staged')}`,
  );
  return `SELECT staged.*, ${[...copies, ...taken].join(', ')} FROM ${quoteTable(staging)} AS staged ${joins.join(' ')}`;
}

/** Values of a unique set in the current rows that no staged row replaces. */
function keptRows(table: FeatureTable, staging: TableName, columns: readonly string[]): string {
  return `SELECT ${columns.join(', ')}, true AS found FROM ${quoteTable(rowsTable(table))} AS stored
    WHERE superseded_by IS NULL AND NOT EXISTS (SELECT FROM ${quoteTable(staging)} AS again
      WHERE ${equal(rowKey(table).map(quoteIdentifier), 'again', 'stored')})`;
}

function equal(columns: readonly string[], left: string, right: string): string {
  return columns.map((name) => `${left}.${name} = ${right}.${name}`).join(' AND ');
}

/** Row keys of rows that break a rule; the place where a row has no whole key. */
async function sampleKeys(
  queryable: Queryable,
  { table, source, broken, unit }: { table: FeatureTable; source: string; broken: string; unit: PlaceUnit },
): Promise<string[]> {
  const names = rowKey(table);
  const cells = names.map((name) => `${quoteLiteral(name)}, ${keyCell(table, name)}`);
  const hasNoKey = `num_nulls(${names.map(quoteIdentifier).join(', ')}) > 0`;
  const rows = await queryable.query<{ key: object; line: string | null }>(
    `SELECT DISTINCT jsonb_build_object(${cells.join(', ')}) AS key, CASE WHEN ${hasNoKey} THEN ${sourceLine} END AS line
     FROM (${source}) AS staged WHERE ${broken} ORDER BY line NULLS FIRST, key LIMIT ${sampleSize}`,
  );
  return rows.map(({ key, line }) => (line === null ? JSON.stringify(key) : `${unit} ${line}`));
}

/** Times in UTC, whatever the zone of the session. */
function keyCell(table: FeatureTable, name: string): string {
  const column = quoteIdentifier(name);
  if (table.columns[name]?.type !== 'datetime') return column;
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
