import type { AliasMove } from '@slipway/contracts';
import type { Registry } from '@slipway/registry-client';
import { readAliasMoves } from './alias-moves.ts';
import { findAttemptOf } from './decided-attempts.ts';
import { describePromotion } from './describe-promotion.ts';
import { findRollbackFrom } from './rollback-target.ts';

/** That nothing is deployed, as a person decided against it, and how a person lets it serve all the same. */
export interface HeldBack {
  readonly action: 'held';
  readonly reasons: readonly string[];
  readonly wayOut: readonly string[];
}

/** What a person rolled back from stays so until its inputs or its data change, or a person promotes it. */
export function holdBack(model: string, version: string, { why }: AliasMove): HeldBack {
  return {
    action: 'held',
    reasons: [`version ${version} was rolled back from: ${why}`],
    wayOut: [describePromotion(model, { version })],
  };
}

/**
 * Holds an attempt back whose version was rolled back from, whatever was tried in between.
 * @param attempt.inputsDigest of its training inputs and watermark
 */
export async function findHeldBack(
  registry: Registry,
  {
    model,
    name,
    inputsDigest,
  }: { readonly model: string; readonly name: string; readonly inputsDigest: string },
): Promise<HeldBack | undefined> {
  const moves = await readAliasMoves(registry, name);
  for (const version of await registry.listModelVersions(name)) {
    const rollback = findRollbackFrom(moves, version.version);
    if (rollback === undefined) continue;
    const attempt = await findAttemptOf(registry, version);
    if (attempt?.inputsDigest === inputsDigest) return holdBack(model, version.version, rollback);
  }
  return undefined;
}
