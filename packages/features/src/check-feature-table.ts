import { quoteTable, type Queryable } from '@slipway/database';
import { constraintName } from './constraint-name.ts';
import { rowConstraints } from './constraints.ts';
import { countEach } from './count-each.ts';
import { keyIndexName } from './create-rows-table.ts';
import { storesAlike } from './definition-changes.ts';
import { duplicateCount } from './duplicate-count.ts';
import { rowKey, type FeatureTable } from './feature-table.ts';
import { findUniqueIndexes } from './find-unique-indexes.ts';
import { findStoredDefinition } from './stored-definition.ts';
import { rowsTable } from './rows-table.ts';
import { findChangedColumns } from './stored-columns.ts';

/**
 * What is wrong with a stored feature table, a line each: constraints that somebody dropped or that do not hold, columns that
 * are gone or of another type, a definition that no load has brought in yet. Empty when all is well, and for a table never
 * loaded. Reads only.
 */
export async function checkFeatureTable(
  queryable: Queryable,
  table: FeatureTable,
): Promise<readonly string[]> {
  const stored = await findStoredDefinition(queryable, table.name);
  if (stored === undefined) return [];
  const missing = await findMissingParts(queryable, stored);
  if (missing.length > 0) return missing;
  const changed = storesAlike(stored, table)
    ? []
    : ['the definition changed since the last load; the next load brings the table up to it'];
  return [...changed, ...(await findBrokenRules(queryable, stored))];
}

async function findMissingParts(queryable: Queryable, table: FeatureTable): Promise<string[]> {
  const changed = await findChangedColumns(queryable, table);
  if (changed.length > 0) return changed;
  const constraints = await queryable.query<{ name: string; valid: boolean }>(
    `SELECT conname AS name, convalidated AS valid FROM pg_constraint WHERE conrelid = to_regclass($1)
     UNION ALL SELECT relname, indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = to_regclass($1)`,
    [quoteTable(rowsTable(table))],
  );
  const isThere = (name: string): boolean => constraints.some((found) => found.name === name && found.valid);
  const rules = rowConstraints(table).filter(({ name }) => !isThere(constraintName(name)));
  const indexes = (await findUniqueIndexes(queryable, table)).filter(({ isValid }) => isValid);
  const sets = table.unique.filter((set) => !indexes.some(({ isOf }) => isOf(set)));
  return [
    ...rules.map(({ name, text }) => `the constraint ${name} (${text}) is gone or not valid`),
    ...(isThere(keyIndexName(table))
      ? []
      : [`the unique index of the row key (${rowKey(table).join(', ')}) is gone`]),
    ...sets.map((set) => `the unique index of (${set.join(', ')}) is gone or not valid`),
  ];
}

/** Rows that break a rule although it is there: somebody wrote past it. */
async function findBrokenRules(queryable: Queryable, table: FeatureTable): Promise<string[]> {
  const rows = quoteTable(rowsTable(table));
  const asked = [
    ...rowConstraints(table).map(({ name, text, sql }) => ({
      count: `count(*) FILTER (WHERE NOT (${sql}))`,
      problem: `break the constraint ${name} (${text})`,
    })),
    { count: duplicateCount(rows, rowKey(table)), problem: 'share their row key with another one' },
    ...table.unique.map((set) => ({
      count: duplicateCount(rows, set),
      problem: `share their values of the unique set (${set.join(', ')}) with another one`,
    })),
  ];
  const counts = await countEach(
    queryable,
    `${rows} WHERE superseded_by IS NULL`,
    asked.map(({ count }) => count),
  );
  return asked.flatMap(({ problem }, index) =>
    (counts[index] ?? 0) > 0 ? [`${counts[index] ?? 0} rows ${problem}`] : [],
  );
}
