import { createHash } from 'node:crypto';
import { postgresTypes, quoteIdentifier, quoteTable, type Queryable } from '@slipway/database';
import { addRule, checkTextRule, constraintSql, validateRule } from './add-rule.ts';
import { constraintName } from './constraint-name.ts';
import { rowConstraints } from './constraints.ts';
import { rowKey, type FeatureTable } from './feature-table.ts';
import { rowsTable } from './rows-table.ts';

/**
 * Creates the table of a definition with its native constraints and row versions.
 * @throws SlipwayError `configuration_invalid` for a pattern or check that Postgres cannot read
 */
export async function createRowsTable(queryable: Queryable, table: FeatureTable): Promise<void> {
  const columns = Object.keys(table.columns).map((name) => columnSql(table, name));
  // Named, as the name that Postgres would choose may be that of a check; those begin with a letter.
  const versions = [
    'loaded_by bigint NOT NULL',
    'superseded_by bigint CONSTRAINT _superseded_later CHECK (superseded_by > loaded_by)',
  ];
  const rules = rowConstraints(table);
  const ofColumns = rules.filter(({ column }) => column !== undefined);
  for (const rule of ofColumns) await checkTextRule(queryable, table, rule);
  const parts = [...columns, ...versions, ...ofColumns.map(constraintSql)];
  await queryable.execute(`CREATE TABLE ${quoteTable(rowsTable(table))} (${parts.join(', ')})`);
  for (const rule of rules.filter(({ column }) => column === undefined)) {
    await addRule(queryable, table, rule);
    await validateRule(queryable, table, rule);
  }
  await createCurrentIndex(queryable, table, keyIndexName(table), rowKey(table));
  for (const set of table.unique) await createUniqueIndex(queryable, table, set);
}

/** Name and type of a column, as CREATE and ALTER TABLE take them. */
export function columnSql({ columns }: FeatureTable, name: string): string {
  const { type } = columns[name] as FeatureTable['columns'][string];
  return `${quoteIdentifier(name)} ${postgresTypes[type]}`;
}

/** Indexes share one space of names with the tables, whose names begin with a letter. */
export function keyIndexName({ name }: FeatureTable): string {
  return constraintName(`_${name}_current_key`);
}

/** The index of a unique set. Its name ends in a hash, because joined names do not tell `a_b, c` from `a, b_c`. */
export async function createUniqueIndex(
  queryable: Queryable,
  table: FeatureTable,
  set: readonly string[],
): Promise<void> {
  const hash = createHash('sha256').update(JSON.stringify(set)).digest('hex').slice(0, 12);
  await createCurrentIndex(queryable, table, constraintName(`_${table.name}_current_unique_${hash}`), set);
}

async function createCurrentIndex(
  queryable: Queryable,
  table: FeatureTable,
  name: string,
  columns: readonly string[],
): Promise<void> {
  const list = columns.map(quoteIdentifier).join(', ');
  await queryable.execute(
    `CREATE UNIQUE INDEX ${quoteIdentifier(name)} ON ${quoteTable(rowsTable(table))} (${list}) WHERE superseded_by IS NULL`,
  );
}
