import { canonicalJson, SlipwayError, type AliasMove, type GateVerdict } from '@slipway/contracts';
import { registeredName } from '@slipway/registry-client';
import { moveProduction, readAliasMoves } from './alias-moves.ts';
import type { DeploymentContext } from './deployment-context.ts';
import type { ModelDefinition } from './model-definition.ts';
import { readVerdict } from './read-run-tag.ts';
import { registerVersion } from './register-version.ts';
import { findRollbackTarget } from './rollback-target.ts';
import { runTag } from './run-tags.ts';

export interface MoveOutcome {
  readonly model: string;
  readonly registeredName: string;
  readonly outcome: 'moved' | 'nothing';
  readonly version: string;
  readonly move: AliasMove | null;
}

/**
 * The override path: registers the model of a run the gate refused (or of any decided run) and lets it serve.
 * The reason is required and kept in the audit.
 * @throws SlipwayError `run_not_found`, `artifact_invalid`
 */
export async function promoteRun(
  context: DeploymentContext,
  model: ModelDefinition,
  { runId, reason }: { runId: string; reason: string },
): Promise<MoveOutcome> {
  const { registry } = context;
  const name = registeredName(model.name, context.environment);
  const run = await registry.getRun(runId);
  const [modelId, digest] = [run.tags[runTag.modelId], run.tags[runTag.artifactDigest]];
  const isOfModel =
    run.tags[runTag.model] === model.name &&
    run.tags[runTag.environment] === context.environment &&
    modelId !== undefined &&
    digest !== undefined;
  if (!isOfModel || run.status !== 'FINISHED') {
    throw new SlipwayError('run_not_found', {
      what: `Run ${runId} has no complete logged model of ${model.name}`,
      expected: `a run of a finished deploy or retrain of this model in environment ${context.environment}`,
      received: `${isOfModel ? 'a run of it' : 'another run'} with status ${run.status}`,
    });
  }
  const verdict = readVerdict(run);
  const overridden = overrideVerdict(verdict, { by: context.who, at: context.now() * 1000, reason });
  const tags = { [runTag.verdict]: canonicalJson(overridden), [runTag.outcome]: overridden.outcome };
  const { version } = await registerVersion(
    { context, name, model },
    {
      runId,
      modelId,
      digest,
      verdict: overridden,
    },
  );
  await registry.logBatch(runId, { tags });
  const request = {
    name,
    to: version.version,
    verb: 'promote',
    why: reason,
    verdict: overridden.outcome,
  } as const;
  return describe(model, name, version.version, await moveProduction(context, request));
}

/** What the gate said stays; a person's decision stands before it. */
function overrideVerdict(
  verdict: GateVerdict,
  decision: { readonly by: string; readonly at: number; readonly reason: string },
): GateVerdict {
  const { outcome, sentence } = verdict;
  if (outcome === 'passed' || outcome === 'overridden') return verdict;
  return {
    ...verdict,
    outcome: 'overridden',
    sentence: `overridden by ${decision.by}: ${decision.reason}; the gate had said ${sentence}`,
    override: { ...decision, of: outcome },
  };
}

/** Moves `production` to a registered version, with a reason. @throws SlipwayError `model_version_not_found` */
export async function promoteVersion(
  context: DeploymentContext,
  model: ModelDefinition,
  { version, reason }: { version: string; reason: string },
): Promise<MoveOutcome> {
  const name = registeredName(model.name, context.environment);
  await context.registry.getModelVersion(name, version);
  const request = { name, to: version, verb: 'promote', why: reason, verdict: null } as const;
  return describe(model, name, version, await moveProduction(context, request));
}

/**
 * Returns to the last version that served before and was never rolled back from.
 * @throws SlipwayError `rollback_impossible` when there is none
 */
export async function rollBackModel(
  context: DeploymentContext,
  model: ModelDefinition,
  { reason }: { reason: string },
): Promise<MoveOutcome> {
  const name = registeredName(model.name, context.environment);
  const serving = await context.registry.findVersionByAlias(name, 'production');
  const target = findRollbackTarget(await readAliasMoves(context.registry, name), serving?.version);
  if (target === undefined) {
    throw new SlipwayError('rollback_impossible', {
      what: `No earlier version of ${name} to return to`,
      expected: 'a version that served before and was not rolled back from',
      next: 'Look at "slipway explain"; any version can be named with "slipway promote --version <n> --reason <why>"',
    });
  }
  const request = { name, to: target, verb: 'rollback', why: reason, verdict: null } as const;
  return describe(model, name, target, await moveProduction(context, request));
}

function describe(
  model: ModelDefinition,
  name: string,
  version: string,
  move: AliasMove | undefined,
): MoveOutcome {
  return {
    model: model.name,
    registeredName: name,
    outcome: move === undefined ? 'nothing' : 'moved',
    version,
    move: move ?? null,
  };
}
