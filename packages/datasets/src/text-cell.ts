import type { ColumnSpec } from '@slipway/contracts';
import { quoteIdentifier } from '@slipway/database';

/** A column as text that no setting of the session changes: times in ISO 8601, UTC, microseconds; true and false. */
export function textCell({ name, type }: ColumnSpec): string {
  const column = quoteIdentifier(name);
  if (type !== 'datetime') return `${column}::text AS ${column}`;
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS ${column}`;
}
