import { SlipwayError } from '@slipway/contracts';
import { quoteTable, type Queryable, type TableName } from '@slipway/database';
import { rowConstraints } from './constraints.ts';
import type { FeatureTable } from './feature-table.ts';

/**
 * Throws what explains a failed validation: a check that is an error for some row, as a division by zero is, is named.
 * @throws SlipwayError `configuration_invalid`, or the error given when no check is at fault
 */
export async function nameFailingCheck(
  queryable: Queryable,
  { table, staging, error }: { table: FeatureTable; staging: TableName; error: unknown },
): Promise<never> {
  // Class 22: a value did not suit an operation.
  if (!SlipwayError.isInstance(error) || !String(error.details['sqlState']).startsWith('22')) throw error;
  for (const { name, column, sql } of rowConstraints(table)) {
    if (column !== undefined) continue;
    try {
      await queryable.query(`SELECT count(*) FILTER (WHERE NOT (${sql})) FROM ${quoteTable(staging)}`);
    } catch (cause) {
      throw new SlipwayError('configuration_invalid', {
        what: `The check ${name} of feature table ${table.name} cannot be computed for some row; nothing was loaded`,
        expected: 'true, false or NULL for every row, for example with nullif(..., 0) under a division',
        received: SlipwayError.isInstance(cause)
          ? `SQLSTATE ${String(cause.details['sqlState'])}`
          : undefined,
        details: { table: table.name, constraint: name },
        cause,
      });
    }
  }
  throw error;
}
