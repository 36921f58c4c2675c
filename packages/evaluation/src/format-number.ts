/** A number for people: four significant digits, no exponent for common sizes. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  if (Math.abs(value) < 1e-12) return '0';
  return Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4)));
}

/** A share as a percentage with one digit. */
export function formatPercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
