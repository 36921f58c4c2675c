import {
  digestOf,
  getColumn,
  SlipwayError,
  type Column,
  type ColumnBatch,
  type DriftBaseline,
  type DriftBaselineColumn,
  type DriftState,
  type DriftStateColumn,
} from '@slipway/contracts';
import { categoriesOf } from './build-baseline.ts';
import { categoryPlaces, numericCellOf } from './cell-of.ts';

/** No rows yet. */
export function createDriftState(baseline: DriftBaseline): DriftState {
  const columns = baseline.columns.map(({ name, cells }) => ({
    name,
    nullCount: 0,
    counts: new Array<number>(cellCount(cells)).fill(0),
    belowCount: 0,
    aboveCount: 0,
  }));
  return { formatVersion: 1, baselineDigest: digestOf(baseline), rowCount: 0, columns };
}

/** Number of cells of a column's state. */
export function cellCount(cells: DriftBaselineColumn['cells']): number {
  return cells.kind === 'numeric' ? cells.counts.length : cells.counts.length + 1;
}

/** Live rows: what was predicted, and the raw feature columns. */
export interface LiveRows {
  readonly predictions: Float64Array;
  readonly features: ColumnBatch;
}

/**
 * The state with these rows added.
 * @throws SlipwayError `schema_mismatch` for a missing column
 */
export function addRows(
  baseline: DriftBaseline,
  state: DriftState,
  { predictions, features }: LiveRows,
): DriftState {
  const columns = baseline.columns.map((column) =>
    column.role === 'prediction'
      ? countColumn(column, { name: column.name, type: 'double', values: predictions })
      : countColumn(column, getColumn(features, column.name)),
  );
  return mergeStates(state, { ...state, rowCount: predictions.length, columns });
}

function countColumn({ name, cells }: DriftBaselineColumn, column: Column): DriftStateColumn {
  const counts = new Array<number>(cellCount(cells)).fill(0);
  let [nullCount, belowCount, aboveCount] = [0, 0, 0];
  if (cells.kind === 'categorical') {
    const places = categoryPlaces(cells);
    for (const text of categoriesOf(column)) {
      if (text === null) nullCount += 1;
      else counts[places.get(text) ?? cells.categories.length]! += 1;
    }
  } else {
    for (const value of column.values as Float64Array) {
      if (Number.isNaN(value)) nullCount += 1;
      else {
        counts[numericCellOf(cells, value)]! += 1;
        if (cells.minimum !== null && value < cells.minimum) belowCount += 1;
        if (cells.maximum !== null && value > cells.maximum) aboveCount += 1;
      }
    }
  }
  return { name, nullCount, counts, belowCount, aboveCount };
}

/**
 * The state of two parts together; commutative and associative.
 * @throws SlipwayError `schema_mismatch` when they count over different baselines
 */
export function mergeStates(a: DriftState, b: DriftState): DriftState {
  if (a.baselineDigest !== b.baselineDigest) {
    throw new SlipwayError('schema_mismatch', {
      what: 'Two drift states count over different baselines',
      expected: `the baseline with digest ${a.baselineDigest.slice(0, 16)}`,
      received: b.baselineDigest.slice(0, 16),
    });
  }
  return {
    ...a,
    rowCount: a.rowCount + b.rowCount,
    columns: a.columns.map((column, index) => addColumns(column, b.columns[index]!)),
  };
}

function addColumns(a: DriftStateColumn, b: DriftStateColumn): DriftStateColumn {
  return {
    name: a.name,
    nullCount: a.nullCount + b.nullCount,
    counts: a.counts.map((count, cell) => count + b.counts[cell]!),
    belowCount: a.belowCount + b.belowCount,
    aboveCount: a.aboveCount + b.aboveCount,
  };
}
