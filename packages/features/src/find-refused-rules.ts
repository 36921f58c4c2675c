import { quoteTable, type Transaction } from '@slipway/database';
import { rowConstraints } from './constraints.ts';
import { countEach } from './count-each.ts';
import { duplicateCount } from './duplicate-count.ts';
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
  const counts = await countEach(transaction, rows, ['count(*)', ...asked.map(({ count }) => count)]);
  return asked
    .map(({ change }, index) => ({ ...change, rows: counts[index + 1] ?? 0 }))
    .filter((change) => change.rows > 0);
}
