import { SlipwayError } from '@slipway/contracts';
import { quoteIdentifier, quoteTable, type Transaction } from '@slipway/database';
import { addRule, validateRule } from './add-rule.ts';
import { constraintName } from './constraint-name.ts';
import { columnSql, createRowsTable, createUniqueIndex } from './create-rows-table.ts';
import { compareDefinitions, type DefinitionChange, type DefinitionChanges } from './definition-changes.ts';
import { dropUniqueIndex } from './drop-unique-index.ts';
import { findRefusedRules } from './find-refused-rules.ts';
import type { FeatureTable } from './feature-table.ts';
import { rowsTable } from './rows-table.ts';

/**
 * Brings the table of a stored definition up to another one. Before the first row a change that would break it makes it
 * anew.
 * @returns `created` when it was made anew; else what changed: columns and constraints by name
 * @throws SlipwayError `schema_change_breaking` naming every change that stored rows do not allow; `configuration_invalid`
 */
export async function evolveFeatureTable(
  transaction: Transaction,
  stored: FeatureTable,
  table: FeatureTable,
): Promise<{ readonly created: boolean; readonly migrated: readonly string[] }> {
  const changes = compareDefinitions(stored, table);
  const isUnchanged = Object.values(changes).every(({ length }) => length === 0);
  if (isUnchanged) return { created: false, migrated: [] };
  if (changes.breaking.length > 0) {
    if (!(await hasNoHistory(transaction, table))) throw refusal(table, changes.breaking);
    await transaction.execute(`DROP TABLE ${quoteTable(rowsTable(table))}`);
    await createRowsTable(transaction, table);
    return { created: true, migrated: [] };
  }
  return { created: false, migrated: await applyChanges(transaction, stored, table, changes) };
}

/** A table whose only loads were refused has nothing that a definition could break. */
async function hasNoHistory(transaction: Transaction, table: FeatureTable): Promise<boolean> {
  const [found] = await transaction.query<{ any: boolean }>(
    `SELECT EXISTS (SELECT FROM features._load WHERE feature_table = $1)
       OR EXISTS (SELECT FROM ${quoteTable(rowsTable(table))}) AS any`,
    [table.name],
  );
  return found?.any === false;
}

async function applyChanges(
  transaction: Transaction,
  stored: FeatureTable,
  table: FeatureTable,
  changes: DefinitionChanges,
): Promise<string[]> {
  const { addedColumns, droppedRules, addedRules, droppedUnique, addedUnique } = changes;
  const alter = `ALTER TABLE ${quoteTable(rowsTable(table))}`;
  for (const { name } of droppedRules)
    await transaction.execute(`${alter} DROP CONSTRAINT IF EXISTS ${quoteIdentifier(constraintName(name))}`);
  for (const set of droppedUnique) await dropUniqueIndex(transaction, table, set);
  for (const name of addedColumns) await transaction.execute(`${alter} ADD COLUMN ${columnSql(table, name)}`);
  for (const rule of addedRules) await addRule(transaction, table, rule);
  const refused = await findRefusedRules(transaction, stored, table, changes);
  if (refused.length > 0) throw refusal(table, refused);
  for (const rule of addedRules) await validateRule(transaction, table, rule);
  for (const set of addedUnique) await createUniqueIndex(transaction, table, set);
  const rules = [...droppedRules, ...addedRules]
    .filter(({ column }) => column === undefined || !addedColumns.includes(column))
    .map(({ name }) => name);
  const sets = [...droppedUnique, ...addedUnique].map((set) => `unique_${set.join('_')}`);
  return [...addedColumns, ...new Set([...rules, ...sets])];
}

function refusal(table: FeatureTable, changes: readonly DefinitionChange[]): SlipwayError {
  const list = changes.map(({ subject, from, to, rows }) => {
    const broken = rows === undefined ? '' : ` (${rows} stored rows break it)`;
    return `${subject}: ${from} -> ${to}${broken}`;
  });
  return new SlipwayError('schema_change_breaking', {
    what: `The definition of feature table ${table.name} changed in a way its stored rows do not allow`,
    expected:
      'the same key and types, every column that is there, new columns nullable, and rules that all stored rows keep, corrected ones included',
    received: list.join('; '),
    next: 'Take these changes back (a column that is no longer filled may stay as a nullable one), or give the table a new name and load it anew',
    details: { table: table.name, changes },
  });
}
