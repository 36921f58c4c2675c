import type { ColumnSpec } from '@slipway/contracts';
import { quoteIdentifier } from '@slipway/database';

/**
 * A column as text: times in ISO 8601, UTC, microseconds, whatever the session; true and false. Doubles have as many digits
 * as `extra_float_digits` gives them: the fewest that are exact, as `connectDatabase` sets it; -0 is 0, as in the digest.
 */
export function textCell({ name, type }: ColumnSpec): string {
  const column = quoteIdentifier(name);
  if (type === 'double') return `(${column} + 0.0)::text AS ${column}`;
  if (type !== 'datetime') return `${column}::text AS ${column}`;
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS ${column}`;
}
