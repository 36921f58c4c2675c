import { SlipwayError } from '@slipway/contracts';
import { quoteTable, type Queryable, type TableName } from '@slipway/database';
import type { RowConstraint } from './constraints.ts';

export interface FailedCount {
  /** Name of the feature table. */
  readonly name: string;
  /** Where the rows lie that were counted. */
  readonly rows: TableName;
  readonly rules: readonly RowConstraint[];
  /** What the count of all rules together ended in. */
  readonly error: unknown;
  /** Which rows these are, and what did not happen. */
  readonly outcome: string;
}

/**
 * Throws what explains a failed count of broken rules: a check that is an error for some row, as a division by zero is,
 * is named. Rules of single columns never are.
 * @param queryable no transaction that the failure ended
 * @throws SlipwayError `configuration_invalid`, or the error given when no check is at fault
 */
export async function nameFailingCheck(
  queryable: Queryable,
  { name, rows, rules, error, outcome }: FailedCount,
): Promise<never> {
  if (!isRefusal(error)) throw error;
  for (const { name: check, column, sql } of rules) {
    if (column !== undefined) continue;
    try {
      await queryable.query(`SELECT count(*) FILTER (WHERE NOT (${sql})) FROM ${quoteTable(rows)}`);
    } catch (cause) {
      if (!isRefusal(cause)) throw error;
      throw new SlipwayError('configuration_invalid', {
        what: `The check ${check} of feature table ${name} cannot be computed for ${outcome}`,
        expected: 'true, false or NULL for every row, from columns of the feature table alone',
        received: `SQLSTATE ${String(cause.details['sqlState'])}`,
        next: 'Correct the check, for example with nullif(..., 0) under a division, or correct the rows',
        details: { table: name, constraint: check },
        cause,
      });
    }
  }
  throw error;
}

/** Whether the statement was at fault, and not the server or the way to it. */
function isRefusal(error: unknown): error is SlipwayError {
  return SlipwayError.isInstance(error) && error.code === 'database_query_failed';
}
