import {
  aliasMoveSchema,
  canonicalJson,
  parseStored,
  SlipwayError,
  type AliasMove,
} from '@slipway/contracts';
import { withLease, type Lease } from '@slipway/database';
import type { Registry } from '@slipway/registry-client';
import type { DeploymentContext } from './deployment-context.ts';
import { moveTagPrefix } from './run-tags.ts';

/**
 * The audit of a registered model, oldest first, read from its versions' tags. An entry that somebody edited into nonsense
 * is left out: a rollback must not fail on it.
 */
export async function readAliasMoves(registry: Registry, name: string): Promise<readonly AliasMove[]> {
  const versions = await registry.listModelVersions(name);
  return versions
    .flatMap((version) => Object.entries(version.tags))
    .filter(([key]) => key.startsWith(moveTagPrefix))
    .flatMap(([, value]) => readMove(value) ?? [])
    .sort((a, b) => a.sequence - b.sequence);
}

function readMove(text: string): AliasMove | undefined {
  try {
    return parseStored(aliasMoveSchema, 'alias move', JSON.parse(text));
  } catch (error) {
    // What a newer program wrote must not be overlooked.
    if (/"formatVersion":([2-9]|1\d)/.test(text)) throw error;
    return undefined;
  }
}

/** A version tag holds 5,000 characters; the whole list of reasons stands with the run. */
const longestReason = 1_000;

/** What a caller says about a move; the rest of the audit entry is filled in. */
export interface MoveRequest {
  readonly name: string;
  readonly to: string;
  readonly verb: AliasMove['verb'];
  readonly why: string;
  readonly verdict: string | null;
  /** A lease that the caller's work is done under; the move is refused when it is lost. */
  readonly lease?: Lease;
}

/**
 * Moves `production` to a version, and `previous` to the one it leaves: audit first, then the alias, then read back.
 * A registry has no compare-and-set, so the moves of one model are serial under a lease. Moving to where the alias
 * already is writes nothing: a re-run after a crash finds its own entry and only finishes the move.
 * @throws SlipwayError `alias_conflict` when the alias points elsewhere afterwards
 */
export async function moveProduction(
  context: DeploymentContext,
  request: MoveRequest,
): Promise<AliasMove | undefined> {
  const { database, registry, holder } = context;
  const { name, to } = request;
  return withLease(database, { name: `alias:${name}`, holder, waitMs: 30_000 }, async (lease) => {
    const before = await registry.findVersionByAlias(name, 'production');
    if (before?.version === to) return undefined;
    const moves = await readAliasMoves(registry, name);
    const move = composeMove(context, request, before?.version ?? null, moves);
    await database.transaction(async (transaction) => {
      await lease.fence(transaction);
      await request.lease?.fence(transaction);
    });
    await registry.setModelVersionTag(name, to, `${moveTagPrefix}${move.sequence}`, canonicalJson(move));
    if (before !== undefined) await registry.setAlias(name, 'previous', before.version);
    await registry.setAlias(name, 'production', to);
    await verifyProduction(registry, name, to);
    return move;
  });
}

function composeMove(
  { now, who }: DeploymentContext,
  { name, to, verb, why, verdict }: MoveRequest,
  from: string | null,
  moves: readonly AliasMove[],
): AliasMove {
  const last = moves.at(-1);
  const unfinished = last !== undefined && last.to === to && last.from === from && last.verb === verb;
  if (unfinished) return last;
  const sequence = (last?.sequence ?? 0) + 1;
  return {
    formatVersion: 1,
    sequence,
    alias: 'production',
    model: name,
    from,
    to,
    verb,
    who,
    why: why.length > longestReason ? `${why.slice(0, longestReason)}...` : why,
    verdict,
    movedAt: now() * 1000,
  };
}

async function verifyProduction(registry: Registry, name: string, expected: string): Promise<void> {
  const after = await registry.findVersionByAlias(name, 'production');
  if (after?.version === expected) return;
  throw new SlipwayError('alias_conflict', {
    what: `The alias "production" of ${name} was moved by somebody else at the same time`,
    expected: `version ${expected}`,
    received: after === undefined ? 'no version' : `version ${after.version}`,
    next: 'Look at "slipway explain", then run the verb again',
    isRetryable: true,
  });
}
