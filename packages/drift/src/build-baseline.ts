import {
  SlipwayError,
  type CategoricalCells,
  type Column,
  type ColumnBatch,
  type Digest,
  type DriftBaseline,
  type DriftBaselineColumn,
  type NumericCells,
} from '@slipway/contracts';
import { numericCellOf } from './cell-of.ts';
import { designEffect } from './statistics/design-effect.ts';

const fineCells = 40;
const coarseCells = 10;
const mostCategories = 50;

export interface BaselineOptions {
  readonly model: string;
  readonly runId: string;
  /** Digest of the test-prediction dataset. */
  readonly datasetDigest: Digest;
  /** Predictions on the test rows, finite. */
  readonly predictions: Float64Array;
  /** Targets of the same rows; with them the baseline carries the test error by cell. */
  readonly observed?: Float64Array;
  /** Raw feature columns of the same rows. */
  readonly features: ColumnBatch;
  /** Event times of the same rows, microseconds since 1970-01-01 UTC. */
  readonly eventTimes?: Float64Array;
  /** Rows that resemble each other, such as the hours of a day: the column that tells them, and each row's block from 0. */
  readonly blocks?: { readonly column: string; readonly of: Int32Array };
}

/**
 * Freezes what a version's predictions and features looked like on its test rows, the period they come from and how much
 * rows of a block resemble each other: none of it can be had again when the test rows are gone. Numbers get cells of equal mass (type 7
 * quantiles of the test rows: 40 fine cells, 10 coarse ones for tests), categories one cell each, the 50 most frequent.
 * Cells never move afterwards, so that every window is measured with the same rule.
 * @throws SlipwayError `sample_invalid` when empty, of unequal lengths or not finite
 */
export function buildBaseline(options: BaselineOptions): DriftBaseline {
  const { model, runId, datasetDigest, predictions, observed, features, eventTimes } = options;
  checkRows(options);
  const prediction: Column = { name: 'prediction', type: 'double', values: predictions };
  const described = describeColumn(prediction, 'prediction');
  const cells = described.cells as NumericCells;
  return {
    formatVersion: 1,
    model,
    runId,
    datasetDigest,
    rowCount: predictions.length,
    period: eventTimes === undefined ? null : periodOf(eventTimes),
    blocks: describeBlocks(options, cells),
    columns: [described, ...features.columns.map((column) => describeColumn(column, 'feature'))],
    loss: observed === undefined ? null : lossByCell(cells, predictions, observed),
  };
}

function checkRows({ predictions, observed, features, eventTimes, blocks }: BaselineOptions): void {
  const given = [observed, eventTimes, blocks?.of].filter((values) => values !== undefined);
  const lengths = [features.rowCount, ...given.map((values) => values.length)];
  const isSound =
    predictions.length > 0 &&
    predictions.every(Number.isFinite) &&
    lengths.every((length) => length === predictions.length);
  if (isSound) return;
  throw new SlipwayError('sample_invalid', {
    what: 'A drift baseline cannot be built from these test rows',
    expected: 'finite predictions, and as many targets, feature rows, event times and blocks',
    received: `${predictions.length} predictions, ${lengths.join(' and ')} rows`,
  });
}

function periodOf(eventTimes: Float64Array): DriftBaseline['period'] {
  const known = eventTimes.filter((time) => !Number.isNaN(time));
  if (known.length === 0) return null;
  return { from: known.reduce((a, b) => Math.min(a, b)), to: known.reduce((a, b) => Math.max(a, b)) };
}

function describeBlocks(
  { blocks, predictions }: BaselineOptions,
  cells: NumericCells,
): DriftBaseline['blocks'] {
  if (blocks === undefined) return null;
  const coarse = Int32Array.from(predictions, (value) => cells.groups[numericCellOf(cells, value)]!);
  const count = new Set(blocks.of).size;
  return { column: blocks.column, count, designEffect: designEffect(coarse, blocks.of) };
}

function describeColumn(column: Column, role: DriftBaselineColumn['role']): DriftBaselineColumn {
  const { name, type } = column;
  if (column.type === 'string' || column.type === 'boolean') {
    const texts = categoriesOf(column);
    const known = texts.filter((text) => text !== null);
    return { name, role, type, nullCount: texts.length - known.length, cells: categoricalCells(known) };
  }
  const known = column.values.filter((value) => !Number.isNaN(value));
  return {
    name,
    role,
    type,
    nullCount: column.values.length - known.length,
    cells: numericCells(known, type),
  };
}

/** Values as category texts; booleans as Postgres writes them. */
export function categoriesOf(column: Column): readonly (string | null)[] {
  if (column.type === 'string') return column.values;
  return Array.from(column.values, (value) => (Number.isNaN(value) ? null : value === 1 ? 'true' : 'false'));
}

function numericCells(values: Float64Array, type: Column['type']): NumericCells {
  const sorted = Array.from(values.toSorted());
  const cells = cutCells(sorted, type);
  const counts = new Array<number>(cells.edges.length + 1).fill(0);
  const sums = new Array<number>(counts.length).fill(0);
  for (const value of values) {
    const cell = numericCellOf(cells, value);
    counts[cell]! += 1;
    sums[cell]! += value;
  }
  const mean = values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  const m2 = mean === null ? null : values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { ...cells, counts, sums, minimum: sorted[0] ?? null, maximum: sorted.at(-1) ?? null, mean, m2 };
}

/**
 * Empty cells: their edges, and the coarse cell of each. An edge at the minimum would cut off nothing, and between two
 * integers an edge means the upper one.
 */
function cutCells(sorted: readonly number[], type: Column['type']): NumericCells {
  const place = type === 'double' ? (edge: number): number => edge : Math.ceil;
  const inner = (count: number): number[] => {
    if (sorted.length === 0) return [];
    const edges = Array.from({ length: count - 1 }, (_, index) =>
      place(interpolated(sorted, (index + 1) / count)),
    );
    return [...new Set(edges)].filter((edge) => edge > sorted[0]!);
  };
  const coarse = inner(coarseCells);
  const edges = [...new Set([...inner(fineCells), ...coarse])].sort((a, b) => a - b);
  const groups = [0, ...edges.map((edge) => coarse.filter((limit) => limit <= edge).length)];
  const empty = { counts: [], sums: [], minimum: null, maximum: null, mean: null, m2: null };
  return { kind: 'numeric', edges, groups, ...empty };
}

/** Quantile of type 7: numpy's and Postgres' `percentile_cont` default. */
function interpolated(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}

function categoricalCells(texts: readonly string[]): CategoricalCells {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const frequent = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, mostCategories);
  const kept = frequent.reduce((sum, [, count]) => sum + count, 0);
  return {
    kind: 'categorical',
    categories: frequent.map(([text]) => text),
    counts: frequent.map(([, count]) => count),
    otherCount: texts.length - kept,
  };
}

function lossByCell(
  cells: NumericCells,
  predictions: Float64Array,
  observed: Float64Array,
): DriftBaseline['loss'] {
  const absoluteErrorSums = new Array<number>(cells.counts.length).fill(0);
  const squaredErrorSums = new Array<number>(cells.counts.length).fill(0);
  predictions.forEach((prediction, row) => {
    const cell = numericCellOf(cells, prediction);
    const error = prediction - observed[row]!;
    absoluteErrorSums[cell]! += Math.abs(error);
    squaredErrorSums[cell]! += error * error;
  });
  return { absoluteErrorSums, squaredErrorSums };
}
