import type { Database } from '@slipway/database';
import {
  featureTableStatus,
  judgeFreshness,
  type FeatureTable,
  type FeatureTableStatus,
  type Freshness,
} from '@slipway/features';

export interface TableState extends FeatureTableStatus {
  readonly table: string;
  readonly freshness: Freshness;
}

/** What a feature table holds, and whether it is fresh. @param now milliseconds since 1970-01-01 UTC */
export async function readTableState(
  database: Database,
  table: FeatureTable,
  now: number,
): Promise<TableState> {
  const status = await featureTableStatus(database, table);
  return { table: table.name, ...status, freshness: judgeFreshness(table, status, now) };
}
