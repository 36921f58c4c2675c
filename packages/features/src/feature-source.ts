import { basename } from 'node:path';
import type { CellValue, ColumnBatch } from '@slipway/contracts';
import type { SqlParameter } from '@slipway/database';

/**
 * Rows whose event time lies in [from, to), microseconds since 1970-01-01 UTC. Rows without one are taken along: they are
 * to be refused, not lost.
 */
export interface EventWindow {
  readonly column: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface FeatureFile {
  readonly path: string;
  readonly where?: EventWindow | undefined;
}

/**
 * A row by column name; a missing key is NULL. Beside the values of batches, longs may be bigints, and times dates or ISO
 * 8601 texts.
 */
export type FeatureRow = Readonly<Record<string, CellValue | bigint | Date | undefined>>;

/** Where rows come from. All but a batch are streamed: memory does not grow with the rows. */
export type FeatureSource =
  | ({ readonly kind: 'csv' | 'parquet' } & FeatureFile)
  | { readonly kind: 'batch'; readonly batch: ColumnBatch; readonly description: string }
  | {
      readonly kind: 'rows';
      readonly rows: Iterable<FeatureRow> | AsyncIterable<FeatureRow>;
      readonly description: string;
    }
  | {
      /** A SELECT on the database that the feature table lies in; its rows never leave it. */
      readonly kind: 'query';
      readonly sql: string;
      readonly parameters?: readonly SqlParameter[];
      readonly description: string;
    };

/** A source's name in reports and the load log. */
export function describeSource(source: FeatureSource): string {
  return 'path' in source ? basename(source.path) : source.description;
}
