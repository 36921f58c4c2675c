import { SlipwayError } from '@slipway/contracts';
import { postgresTypes, readColumns, type Queryable } from '@slipway/database';
import type { FeatureTable } from './feature-table.ts';
import { rowsTable } from './rows-table.ts';

/**
 * How a stored table differs from its definition, a line each: the table itself is gone, or columns are gone or of another
 * type.
 */
export async function findChangedColumns(queryable: Queryable, table: FeatureTable): Promise<string[]> {
  const columns = await readColumns(queryable, rowsTable(table));
  if (columns.length === 0) return [`the table features.${table.name} is gone`];
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  return Object.entries(table.columns).flatMap(([name, { type }]) => {
    const found = types.get(name);
    if (found === undefined) return [`the column "${name}" is gone`];
    const expected = postgresTypes[type];
    return found === expected ? [] : [`the column "${name}" is of type ${found}, not ${expected}`];
  });
}

/**
 * @throws SlipwayError `schema_mismatch` when the table, or a column of it, is not there, or the column is of another type: not
 * loaded yet, or changed by hand. A narrower type would round values, and no reload would find them stored.
 */
export async function checkStoredColumns(queryable: Queryable, table: FeatureTable): Promise<void> {
  const changed = await findChangedColumns(queryable, table);
  if (changed.length === 0) return;
  throw new SlipwayError('schema_mismatch', {
    what: `What is stored of feature table ${table.name} does not have the columns of its definition`,
    received: changed.join(', '),
    next: 'A new column comes with a load. ALTER TABLE ... ALTER COLUMN ... TYPE brings the type of the definition back, not what was rounded. What somebody dropped comes back from a backup, or under a new name of the table',
    details: { table: table.name, problems: changed },
  });
}
