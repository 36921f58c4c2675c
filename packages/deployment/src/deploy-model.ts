import { SlipwayError, type ErrorCode } from '@slipway/contracts';
import { withLease, type Lease } from '@slipway/database';
import { registeredName } from '@slipway/registry-client';
import { beginAttempt, type Attempt, type AttemptVerb } from './attempt.ts';
import { inputsDigest, trainingInputsOf } from './configuration-slices.ts';
import { findDatasetsOf, planOnDatasetsOf } from './datasets-of-version.ts';
import { findLastDecided, type DecidedAttempt } from './decided-attempts.ts';
import type { DeployOutcome } from './deploy-outcome.ts';
import type { DeploymentContext } from './deployment-context.ts';
import { endUnfinishedRun } from './end-unfinished-run.ts';
import { findHeldBack } from './hold-back.ts';
import type { ModelDefinition } from './model-definition.ts';
import { describeEmpty, newestWatermark, planDeployment } from './plan-deployment.ts';
import { runAttempt } from './run-attempt.ts';
import { describeInputChanges } from './training-inputs-file.ts';

export interface DeployOptions {
  /**
   * Alias or number of a version: train on exactly its training and test set, whatever the watermark. A swept one is built
   * again from its recipe. @default undefined, the pinned watermark
   */
  readonly datasetsOf?: string | undefined;
}

/**
 * Deploys a configuration if its training inputs are new: features -> datasets -> train -> evaluate -> gate ->
 * register -> promote -> tell serving. Idempotent; killed anywhere, the next call goes on with the same run.
 * Data stays at the watermark of the last decided attempt. One process works on a model at a time, others wait.
 * @throws SlipwayError for every failure; a rejection is an outcome
 */
export function deployModel(
  context: DeploymentContext,
  model: ModelDefinition,
  options: DeployOptions = {},
): Promise<DeployOutcome> {
  return withModelLease(context, model, async (name, lease) => {
    const datasetsOf =
      options.datasetsOf === undefined ? undefined : await findDatasetsOf(context, model, options.datasetsOf);
    const plan =
      datasetsOf === undefined
        ? await planDeployment(context, model)
        : await planOnDatasetsOf(context, model, datasetsOf);
    if (plan.action !== 'deploy') return nothingDone(plan, 'deploy', plan.action);
    const attempt = await beginAttempt(context, { ...plan, model, name, lease, verb: 'deploy', datasetsOf });
    return { ...(await runToEnd(attempt)), information: plan.information };
  });
}

/**
 * The same configuration on the newest data, through the same gate. Does nothing when there is no newer load and the
 * inputs were decided before, or a person rolled back from what they made.
 */
export function retrainModel(context: DeploymentContext, model: ModelDefinition): Promise<DeployOutcome> {
  return withModelLease(context, model, async (name, lease) => {
    const watermark = await newestWatermark(context, model);
    const last = await findLastDecided(context, name);
    const reasons =
      last === undefined ? ['first deployment'] : await describeRetrain(context, { model, last, watermark });
    const idle = {
      model: model.name,
      registeredName: name,
      watermark,
      information: [],
      productionVersion: null,
    };
    if (watermark === 0)
      return nothingDone({ ...idle, reasons: [describeEmpty(model)] }, 'retrain', 'waiting');
    if (reasons.length === 0) {
      return nothingDone(
        { ...idle, reasons: [`load ${watermark} was already used, by run ${last?.run.runId ?? ''}`] },
        'retrain',
        'nothing',
      );
    }
    const digest = inputsDigest(trainingInputsOf(model), watermark);
    const held = await findHeldBack(context.registry, { model: model.name, name, inputsDigest: digest });
    if (held !== undefined)
      return nothingDone({ ...idle, ...held, information: held.wayOut }, 'retrain', held.action);
    const attempt = await beginAttempt(context, { model, name, lease, verb: 'retrain', watermark, reasons });
    return runToEnd(attempt);
  });
}

/** A failure that the same inputs would meet again ends the run; after others, the next call goes on with it. */
async function runToEnd(attempt: Attempt): Promise<DeployOutcome> {
  try {
    return await runAttempt(attempt);
  } catch (error) {
    const { registry, now } = attempt.context;
    const isFinal = SlipwayError.isInstance(error) && finalCodes.has(error.code);
    const end = { status: 'FAILED', endTime: now() } as const;
    if (isFinal) await endUnfinishedRun(registry, attempt.run, end).catch(() => undefined);
    throw error;
  }
}

const finalCodes: ReadonlySet<ErrorCode> = new Set([
  'fit_failed',
  'parameter_invalid',
  'value_unsupported',
  'sample_invalid',
  'schema_mismatch',
  'dataset_empty',
  'not_deployable',
]);

async function describeRetrain(
  { registry }: DeploymentContext,
  { model, last, watermark }: { model: ModelDefinition; last: DecidedAttempt; watermark: number },
): Promise<string[]> {
  const changes = await describeInputChanges(registry, last, trainingInputsOf(model));
  return last.watermark === watermark
    ? changes
    : [`data: load ${last.watermark} -> ${watermark}`, ...changes];
}

function withModelLease<T>(
  context: DeploymentContext,
  model: ModelDefinition,
  work: (name: string, lease: Lease) => Promise<T>,
): Promise<T> {
  const name = registeredName(model.name, context.environment);
  const { database, holder, onStep } = context;
  const onWait = (): void =>
    onStep?.({ kind: 'warning', step: 'features', sentence: `another process works on ${name}; waiting` });
  return withLease(database, { name: `model:${name}`, holder, waitMs: 600_000, onWait }, (lease) =>
    work(name, lease),
  );
}

function nothingDone(
  plan: Pick<DeployOutcome, 'model' | 'registeredName' | 'watermark' | 'reasons' | 'information'> & {
    productionVersion: string | null;
  },
  verb: AttemptVerb,
  outcome: 'nothing' | 'held' | 'waiting',
): DeployOutcome {
  const { model, registeredName: name, watermark, reasons, information, productionVersion } = plan;
  const empty = { runId: null, metrics: null, digests: null, verdict: null, report: null };
  return {
    model,
    registeredName: name,
    verb,
    outcome,
    version: productionVersion,
    watermark,
    reasons,
    information,
    ...empty,
  };
}
