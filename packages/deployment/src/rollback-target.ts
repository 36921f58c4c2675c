import type { AliasMove } from '@slipway/contracts';

/**
 * The version a rollback returns to: the last one that served before the current one and was never rolled back from.
 * A plain toggle between two versions would return to the bad one. An entry is written before the alias moves: it never
 * happened when the next entry, or the alias, still stands where it began. Where they stand elsewhere, somebody moved the
 * alias outside Slipway, or deleted a version with the entries it held: the entry happened all the same.
 * @param moves the audit, oldest first
 * @param current the version that the alias names now
 * @returns the version, or undefined when there is none
 */
export function findRollbackTarget(
  moves: readonly AliasMove[],
  current: string | undefined,
): string | undefined {
  const production = moves.filter((move) => move.alias === 'production');
  const leftBehind = new Set(production.filter((move) => move.verb === 'rollback').map((move) => move.from));
  const served = production
    .filter((move, index) => {
      const next = production[index + 1];
      const after = next === undefined ? (current ?? null) : next.from;
      return after === move.to || after !== move.from;
    })
    .map((move) => move.to)
    .reverse();
  return served.find((version) => version !== current && !leftBehind.has(version));
}

/** The move that rolled back from a version and has not been overruled by a later promotion, if any. */
export function findRollbackFrom(moves: readonly AliasMove[], version: string): AliasMove | undefined {
  const last = moves.filter((move) => move.to === version || move.from === version).at(-1);
  return last?.verb === 'rollback' && last.from === version ? last : undefined;
}
