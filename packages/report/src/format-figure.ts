/** A number for people: three significant digits, whole from 1,000 on; `-` for null. */
export function formatFigure(value: number | null): string {
  if (value === null || Number.isNaN(value)) return '-';
  if (Math.abs(value) >= 1000) return formatCount(Math.round(value));
  return Math.abs(value) < 1e-12 ? '0' : String(Number(value.toPrecision(3)));
}

/** A whole number with commas between thousands. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A share as a percentage, with one digit after the point below 10 %. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  return `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}

/** A p-value: two digits after the point, from 0.001 down a power of ten, `< 1e-300` where doubles end. */
export function formatPValue(pValue: number | null): string {
  if (pValue === null) return '-';
  if (pValue < 1e-300) return '< 1e-300';
  if (pValue < 0.001) return pValue.toExponential(1);
  return pValue < 0.01 ? pValue.toFixed(3) : pValue.toFixed(2);
}
