import {
  SlipwayError,
  type ColumnBatch,
  type DriftBaseline,
  type DriftBaselineColumn,
} from '@slipway/contracts';
import { getColumn } from '@slipway/contracts';
import { categoriesOf } from './build-baseline.ts';
import { categoryPlaces, numericCellOf } from './cell-of.ts';

/** Counts of one column over its baseline's cells. A categorical column has one cell more: all other categories. */
export interface DriftStateColumn {
  readonly name: string;
  readonly nullCount: number;
  readonly counts: readonly number[];
  /** Values below the smallest and above the largest reference value; 0 for categories. */
  readonly belowCount: number;
  readonly aboveCount: number;
}

/** Counts of live rows over a baseline's cells: states of parts add up to the state of the whole, exactly. */
export interface DriftState {
  readonly formatVersion: 1;
  /** Run that the baseline belongs to. */
  readonly runId: string;
  readonly rowCount: number;
  readonly columns: readonly DriftStateColumn[];
}

/** No rows yet. */
export function createDriftState(baseline: DriftBaseline): DriftState {
  const columns = baseline.columns.map(({ name, cells }) => ({
    name,
    nullCount: 0,
    counts: new Array<number>(cellCount(cells)).fill(0),
    belowCount: 0,
    aboveCount: 0,
  }));
  return { formatVersion: 1, runId: baseline.runId, rowCount: 0, columns };
}

/** Number of cells of a column's state. */
export function cellCount(cells: DriftBaselineColumn['cells']): number {
  return cells.kind === 'numeric' ? cells.counts.length : cells.counts.length + 1;
}

/**
 * The state with a batch's rows added: a column `prediction`, and the feature columns of the baseline.
 * @throws SlipwayError `schema_mismatch` for a missing column
 */
export function addBatch(baseline: DriftBaseline, state: DriftState, batch: ColumnBatch): DriftState {
  const columns = baseline.columns.map((column) => countColumn(column, batch));
  const added: DriftState = { formatVersion: 1, runId: baseline.runId, rowCount: batch.rowCount, columns };
  return mergeStates(state, added);
}

function countColumn({ name, cells }: DriftBaselineColumn, batch: ColumnBatch): DriftStateColumn {
  const column = getColumn(batch, name);
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
  const shape = ({ runId, columns }: DriftState): string =>
    JSON.stringify([runId, columns.map(({ name, counts }) => [name, counts.length])]);
  if (shape(a) !== shape(b)) {
    throw new SlipwayError('schema_mismatch', {
      what: 'Two drift states count over different baselines',
      expected: `the baseline of run ${a.runId}`,
      received: `run ${b.runId}`,
    });
  }
  return {
    formatVersion: 1,
    runId: a.runId,
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
