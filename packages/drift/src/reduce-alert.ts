/**
 * Whether an alert fires after a row of windows, oldest first: at least `violating` of the last `of` windows drifted,
 * the newest among them.
 */
export function reduceAlert(
  drifted: readonly boolean[],
  { of, violating }: { readonly of: number; readonly violating: number },
): { readonly firing: boolean; readonly violations: number } {
  const violations = drifted.slice(-of).filter(Boolean).length;
  return { firing: drifted.at(-1) === true && violations >= violating, violations };
}
