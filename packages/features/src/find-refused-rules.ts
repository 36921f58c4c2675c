import { quoteIdentifier, quoteTable, type Transaction } from '@slipway/database';
import { rowConstraints } from './constraints.ts';
import type { DefinitionChange, DefinitionChanges } from './definition-changes.ts';
import type { FeatureTable } from './feature-table.ts';
import { rowsTable } from './rows-table.ts';

/**
 * The new and changed rules that stored rows break, with how many: row rules by one query over every row version, as a
 * CHECK holds for all of them, and unique sets over the current rows.
 */
export async function findRefusedRules(
  transaction: Transaction,
  stored: FeatureTable,
  table: FeatureTable,
  { addedRules, addedUnique }: DefinitionChanges,
): Promise<DefinitionChange[]> {
  const rows = quoteTable(rowsTable(table));
  const before = new Map(rowConstraints(stored).map(({ name, text }) => [name, text]));
  const rules = addedRules.map(({ name, sql, text }) => ({
    change: { subject: `constraint ${name}`, from: before.get(name) ?? 'none', to: text },
    count: `count(*) FILTER (WHERE NOT (${sql}))`,
  }));
  const sets = addedUnique.map((set) => ({
    change: { subject: `unique set ${set.join(', ')}`, from: 'none', to: 'unique' },
    count: duplicateCount(rows, set),
  }));
  const asked = [...rules, ...sets];
  if (asked.length === 0) return [];
  const [counts = {}] = await transaction.query<Record<string, string>>(
    `SELECT count(*), ${asked.map(({ count }, index) => `${count} AS rule_${index}`).join(', ')} FROM ${rows}`,
  );
  return asked
    .map(({ change }, index) => ({ ...change, rows: Number(counts[`rule_${index}`] ?? 0) }))
    .filter((change) => change.rows > 0);
}

/** Rows that share all values of a set with another one. NULL is equal to nothing, as in a unique index. */
function duplicateCount(rows: string, set: readonly string[]): string {
  const list = set.map(quoteIdentifier).join(', ');
  return `(SELECT coalesce(sum(copies), 0) FROM (SELECT count(*) AS copies FROM ${rows}
    WHERE superseded_by IS NULL AND num_nulls(${list}) = 0 GROUP BY ${list} HAVING count(*) > 1) AS doubled)`;
}
