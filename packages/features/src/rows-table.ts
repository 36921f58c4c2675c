import type { TableName } from '@slipway/database';
import type { FeatureTable } from './feature-table.ts';

/** Where the rows of a feature table lie. */
export function rowsTable({ name }: Pick<FeatureTable, 'name'>): TableName {
  return { schema: 'features', table: name };
}
