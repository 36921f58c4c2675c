import type { ColumnSpec } from '@slipway/contracts';
import { postgresTypes, type StoredColumn } from '@slipway/database';

/** Whether a column is among those of a table, with its type. */
export function hasColumn(found: readonly StoredColumn[], { name, type }: ColumnSpec): boolean {
  return found.some((column) => column.name === name && column.type === postgresTypes[type]);
}
