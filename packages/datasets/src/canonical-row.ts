import type { ColumnSpec } from '@slipway/contracts';
import { postgresTypes, quoteIdentifier } from '@slipway/database';

/**
 * A row as canonical bytes in SQL: `record_send` of its columns cast to the five types; -0 is 0 and NaN has one
 * spelling. The digest and the hash split are both taken from it.
 */
export function canonicalRow(columns: readonly ColumnSpec[]): string {
  const cells = columns.map(({ name, type }) => {
    const cell = `${quoteIdentifier(name)}::${postgresTypes[type]}`;
    return type === 'double' ? `CASE WHEN ${cell} = 'NaN' THEN 'NaN'::float8 ELSE ${cell} + 0.0 END` : cell;
  });
  return `record_send(ROW(${cells.join(', ')}))`;
}
