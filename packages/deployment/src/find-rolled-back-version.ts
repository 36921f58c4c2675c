import type { AliasMove } from '@slipway/contracts';
import type { Registry } from '@slipway/registry-client';
import { findAttemptOf } from './decided-attempts.ts';
import { findRollbackFrom } from './rollback-target.ts';

/** A version that a person decided against, and their move. */
export interface RolledBackVersion {
  readonly version: string;
  readonly rollback: AliasMove;
}

/**
 * The version that an attempt made, if it was rolled back from and no later promotion overruled that: however much was tried
 * in between, a person decided against it.
 * @param attempt.inputsDigest of its training inputs and watermark
 */
export async function findRolledBackVersion(
  registry: Registry,
  { name, moves, inputsDigest }: { name: string; moves: readonly AliasMove[]; inputsDigest: string },
): Promise<RolledBackVersion | undefined> {
  for (const version of await registry.listModelVersions(name)) {
    const rollback = findRollbackFrom(moves, version.version);
    if (rollback === undefined) continue;
    const attempt = await findAttemptOf(registry, version);
    if (attempt?.inputsDigest === inputsDigest) return { version: version.version, rollback };
  }
  return undefined;
}
