import type { DriftBaselineColumn, DriftStateColumn, NumericCells } from '@slipway/contracts';
import { formatLimits } from '@slipway/report';

/**
 * Names of the coarse cells of a column, in order; categories are followed by the cell of all others. The outer cells
 * also take what lies beyond the reference, and say so where live values do.
 */
export function cellNames(
  { type, cells }: DriftBaselineColumn,
  { belowCount, aboveCount }: DriftStateColumn,
): string[] {
  if (cells.kind === 'categorical') return [...cells.categories, 'other'];
  const limits = cellLimits(cells);
  const names = type === 'long' ? wholeRanges(limits) : ranges(formatLimits(limits));
  const last = names.length - 1;
  return names.map((name, cell) => {
    if (cell === 0 && belowCount > 0) return `${name} and below`;
    return cell === last && aboveCount > 0 ? `${name} and above` : name;
  });
}

/** Limits of the coarse cells: smallest reference value, edges, largest reference value. Cells are right-open. */
export function cellLimits({ edges, groups, minimum, maximum }: NumericCells): number[] {
  const inner = edges.filter((_, index) => groups[index + 1] !== groups[index]);
  return [minimum ?? 0, ...inner, maximum ?? 0];
}

/** Between whole numbers, a right-open cell ends one before its limit; the last one ends with the largest value. */
function wholeRanges(limits: readonly number[]): string[] {
  const last = limits.length - 2;
  return limits.slice(1).map((limit, cell) => {
    const [from, to] = [limits[cell]!, cell === last ? limit : limit - 1];
    return from >= to ? String(from) : `${from} – ${to}`;
  });
}

function ranges(limits: readonly string[]): string[] {
  return limits.slice(1).map((to, cell) => (limits[cell] === to ? to : `${limits[cell]} – ${to}`));
}
