import { quoteTable, type Transaction } from '@slipway/database';
import { rowConstraints } from './constraints.ts';
import { countEach } from './count-each.ts';
import { duplicateCount } from './duplicate-count.ts';
import type { DefinitionChange, DefinitionChanges } from './definition-changes.ts';
import type { FeatureTable } from './feature-table.ts';
import { nameFailingCheck } from './name-failing-check.ts';
import { rowsTable } from './rows-table.ts';

/**
 * The new and changed rules that stored rows break, with how many: row rules by one query over every row version, as a
 * CHECK holds for all of them, and unique sets over the current rows.
 * @throws SlipwayError `configuration_invalid` for a check that is an error for some stored row
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
  // A failure ends no more than the count: afterwards the check that it comes from is looked for.
  await transaction.execute('SAVEPOINT before_counts');
  const counts = await countEach(transaction, rows, ['count(*)', ...asked.map(({ count }) => count)]).catch(
    async (error: unknown) => {
      await transaction.execute('ROLLBACK TO SAVEPOINT before_counts');
      return nameFailingCheck(transaction, {
        name: table.name,
        rows: rowsTable(table),
        rules: addedRules,
        error,
        outcome: 'some stored row; the table stays as it was',
      });
    },
  );
  return asked
    .map(({ change }, index) => ({ ...change, rows: counts[index + 1] ?? 0 }))
    .filter((change) => change.rows > 0);
}
