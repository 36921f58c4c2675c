import {
  getColumn,
  getNumericColumn,
  type ColumnBatch,
  type DatasetRef,
  type GateVerdict,
} from '@slipway/contracts';
import { rowsAbsentFrom } from '@slipway/datasets';
import { featureRelation } from '@slipway/features';
import type { TrainTest } from './build-datasets.ts';
import type { Attempt } from './attempt.ts';
import { featureTableOf } from './feature-table-of.ts';

/**
 * Test rows on which champion and candidate are compared: none that the champion was trained on. With newer data, none
 * that it was tested on either: what came since is what the question is about, and older rows would dilute it.
 */
export async function readFreshRows(
  attempt: Attempt,
  { test, keyColumns }: TrainTest,
  seen: {
    readonly train: DatasetRef;
    readonly test: DatasetRef;
    /** Undefined when nobody knows: then the rows it was tested on are taken as well. */
    readonly watermark: number | undefined;
    /** Features of the champion that the candidate does without: read from the feature table. */
    readonly others: readonly string[];
  },
): Promise<ColumnBatch> {
  const { context, model, watermark } = attempt;
  const source =
    seen.others.length === 0
      ? undefined
      : await featureRelation(context.database, featureTableOf(context, model), {
          columns: seen.others,
          asOfLoad: watermark,
        });
  return rowsAbsentFrom(context.database, {
    test,
    tables:
      seen.watermark !== undefined && watermark > seen.watermark ? [seen.train, seen.test] : [seen.train],
    keyColumns,
    columns: [...test.columns.map((column) => column.name), ...seen.others],
    source,
  });
}

/** Where rows lie in time relative to the training rows of the candidate. */
export function positionOf(
  fresh: ColumnBatch,
  train: ColumnBatch,
  eventTime: string | undefined,
): GateVerdict['position'] {
  if (eventTime === undefined || fresh.rowCount === 0) return 'unknown';
  const lastTrained = getNumericColumn(train, eventTime).values.reduce((a, b) => Math.max(a, b), -Infinity);
  const after = getNumericColumn(fresh, eventTime).values.filter((time) => time > lastTrained).length;
  if (after === 0) return 'inside';
  return after === fresh.rowCount ? 'after' : 'mixed';
}

/** Numbers the distinct values of a column from 0, so that rows of one block share a number. */
export function blockNumbers(batch: ColumnBatch, column: string): Int32Array {
  const numbers = new Map<string | number | null, number>();
  const { values } = getColumn(batch, column);
  return Int32Array.from({ length: batch.rowCount }, (_, row) => {
    const value = values[row] ?? null;
    const known = numbers.get(value);
    if (known !== undefined) return known;
    numbers.set(value, numbers.size);
    return numbers.size - 1;
  });
}
