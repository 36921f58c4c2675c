import type { ColumnSpec } from '@slipway/contracts';

/** First bytes under every digest: format version, and names and types of the columns in order. */
export function digestHeader(columns: readonly ColumnSpec[]): string {
  return JSON.stringify(['slipway-digest', 1, columns.map(({ name, type }) => [name, type])]);
}
