import { SlipwayError } from '@slipway/contracts';
import { postgresTypes, quoteIdentifier, quoteTable, type Queryable } from '@slipway/database';
import { constraintName } from './constraint-name.ts';
import type { RowConstraint } from './constraints.ts';
import { rowsTable } from './rows-table.ts';
import type { FeatureTable } from './feature-table.ts';

/**
 * Adds a rule to a stored table, for rows to come: those that are there are not asked.
 * @throws SlipwayError `configuration_invalid` for SQL or a pattern that Postgres cannot read
 */
export async function addRule(queryable: Queryable, table: FeatureTable, rule: RowConstraint): Promise<void> {
  await checkTextRule(queryable, table, rule);
  await readRule(table, rule, () =>
    queryable.execute(`ALTER TABLE ${quoteTable(rowsTable(table))} ADD ${constraintSql(rule)} NOT VALID`),
  );
  if (rule.column === undefined) await checkColumnsOfRule(queryable, table, rule);
}

/**
 * Holds the stored rows to a rule that was added.
 * @throws SlipwayError `database_query_failed` when a row breaks it
 */
export async function validateRule(
  queryable: Queryable,
  table: FeatureTable,
  { name }: RowConstraint,
): Promise<void> {
  await queryable.execute(
    `ALTER TABLE ${quoteTable(rowsTable(table))} VALIDATE CONSTRAINT ${quoteIdentifier(constraintName(name))}`,
  );
}

/** A rule as CREATE and ALTER TABLE take it. */
export function constraintSql({ name, sql }: RowConstraint): string {
  return `CONSTRAINT ${quoteIdentifier(constraintName(name))} CHECK (${sql})`;
}

/** Postgres reads a pattern only once a text meets it; else the first load would. */
export async function checkTextRule(
  queryable: Queryable,
  table: FeatureTable,
  rule: RowConstraint,
): Promise<void> {
  const { column, sql } = rule;
  if (column === undefined || table.columns[column]?.pattern === undefined) return;
  await readRule(table, rule, () =>
    queryable.query(`SELECT ${sql} FROM (SELECT ''::text AS ${quoteIdentifier(column)}) AS empty`),
  );
}

/** Batches have the columns of the definition: a check on those of the storage would fail in every load. Reads no row. */
async function checkColumnsOfRule(
  queryable: Queryable,
  table: FeatureTable,
  rule: RowConstraint,
): Promise<void> {
  const cells = Object.entries(table.columns).map(
    ([name, { type }]) => `NULL::${postgresTypes[type]} AS ${quoteIdentifier(name)}`,
  );
  await readRule(table, rule, () =>
    queryable.query(`SELECT 1 FROM (SELECT ${cells.join(', ')} LIMIT 0) AS batch WHERE (${rule.sql})`),
  );
}

async function readRule(
  table: FeatureTable,
  rule: RowConstraint,
  read: () => Promise<unknown>,
): Promise<void> {
  try {
    await read();
  } catch (error) {
    // Class 0A, 22 and 42: what was asked, not the server, is at fault. No row was read, so the message quotes none.
    if (!SlipwayError.isInstance(error) || !/^(0A|22|42)/.test(String(error.details['sqlState'])))
      throw error;
    if (error.code !== 'database_query_failed') throw error;
    throw new SlipwayError('configuration_invalid', {
      what: `The constraint ${rule.name} of feature table ${table.name} cannot be read by Postgres`,
      expected:
        rule.column === undefined ? 'a boolean SQL expression over the columns' : 'a regular expression',
      received: error.cause instanceof Error ? error.cause.message : undefined,
      next: 'Correct it in the configuration; nothing was changed',
      details: { table: table.name, constraint: rule.name, sqlState: error.details['sqlState'] },
      cause: error,
    });
  }
}
