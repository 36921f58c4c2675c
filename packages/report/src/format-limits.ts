import { formatFigure } from './format-figure.ts';

/**
 * Limits of neighbouring ranges, as short as tells them apart: rounded to about a hundredth of their span, or with three
 * significant digits where that makes two of them alike.
 * @param limits in ascending order
 */
export function formatLimits(limits: readonly number[]): string[] {
  const span = (limits.at(-1) ?? 0) - (limits[0] ?? 0);
  const decimals = span > 0 ? Math.min(12, Math.max(0, -Math.floor(Math.log10(span / 100)))) : 3;
  const short = limits.map((limit) => formatRounded(limit, decimals));
  const areDistinct = limits.every(
    (limit, place) => place === 0 || limit === limits[place - 1] || short[place] !== short[place - 1],
  );
  return areDistinct ? short : limits.map(formatFigure);
}

function formatRounded(value: number, decimals: number): string {
  const rounded = Number(value.toFixed(decimals));
  return Math.abs(rounded) >= 1000 ? formatFigure(rounded) : String(rounded === 0 ? 0 : rounded);
}
