import type { DriftBaselineColumn, DriftStateColumn } from '@slipway/contracts';
import { chiSquareTest } from './statistics/chi-square-test.ts';
import { jensenShannonDistance } from './statistics/jensen-shannon-distance.ts';
import { populationStabilityIndex } from './statistics/population-stability-index.ts';

/** How far live values of one column are from the test rows. */
export interface ColumnDrift {
  readonly name: string;
  readonly role: 'prediction' | 'feature';
  /** Population stability index over the coarse cells; null without values on one side. */
  readonly psi: number | null;
  /** Jensen-Shannon distance, base 2, 0 to 1. */
  readonly jensenShannon: number | null;
  /** Of the two-sample chi-square test. */
  readonly pValue: number | null;
  /** For features: adjusted for their number (Benjamini-Hochberg). */
  readonly adjustedPValue: number | null;
  readonly nullShare: number;
  /** Share of values outside the reference's range, or in categories it does not list. */
  readonly unseenShare: number;
  /** Both keys turned. */
  readonly isDrifted: boolean;
}

/** Counts of both sides over the coarse cells; NULL is a cell where either side has one. */
export interface CoarseCounts {
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

/** Adds fine cells up to the coarse ones that tests run on. */
export function coarseCounts(column: DriftBaselineColumn, state: DriftStateColumn): CoarseCounts {
  const { cells, nullCount } = column;
  const [reference, current] =
    cells.kind === 'numeric'
      ? [addUp(cells.counts, cells.groups), addUp(state.counts, cells.groups)]
      : withOther([...cells.counts, cells.otherCount], state.counts);
  if (nullCount + state.nullCount === 0) return { reference, current };
  return { reference: [...reference, nullCount], current: [...current, state.nullCount] };
}

/** Distances and test of one column, without the verdict. */
export function compareColumn(
  column: DriftBaselineColumn,
  state: DriftStateColumn,
): Omit<ColumnDrift, 'adjustedPValue' | 'isDrifted'> {
  const { reference, current } = coarseCounts(column, state);
  const rows = state.nullCount + sum(state.counts);
  const outside =
    column.cells.kind === 'numeric' ? state.belowCount + state.aboveCount : (state.counts.at(-1) ?? 0);
  const shares = {
    name: column.name,
    role: column.role,
    nullShare: rows === 0 ? 0 : state.nullCount / rows,
    unseenShare: rows === 0 ? 0 : outside / rows,
  };
  if (sum(reference) === 0 || sum(current) === 0) {
    return { ...shares, psi: null, jensenShannon: null, pValue: null };
  }
  return {
    ...shares,
    psi: populationStabilityIndex(reference, current),
    jensenShannon: jensenShannonDistance(reference, current),
    pValue: chiSquareTest(reference, current).pValue,
  };
}

/** The features that drifted, the largest PSI first, at most three. */
export function mostMoved(features: readonly ColumnDrift[]): ColumnDrift[] {
  return features
    .filter(({ isDrifted }) => isDrifted)
    .sort((a, b) => (b.psi ?? 0) - (a.psi ?? 0))
    .slice(0, 3);
}

function addUp(counts: readonly number[], groups: readonly number[]): number[] {
  const sums = new Array<number>((groups.at(-1) ?? 0) + 1).fill(0);
  counts.forEach((count, cell) => {
    sums[groups[cell]!]! += count;
  });
  return sums;
}

/** The cell of other categories counts only where it has a value on one side. */
function withOther(reference: readonly number[], current: readonly number[]): [number[], number[]] {
  const isEmpty = (reference.at(-1) ?? 0) + (current.at(-1) ?? 0) === 0 && reference.length > 1;
  const end = isEmpty ? -1 : undefined;
  return [reference.slice(0, end), current.slice(0, end)];
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
