/** NaN, which is NULL, for what is no number any more: a division by 0, an overflow. */
export function finiteOrNull(value: number): number {
  return Number.isFinite(value) ? value : NaN;
}
