import { nameTrial } from '@slipway/evaluation';
import { registryLimits, type FinalRunStatus, type RunMetric } from '@slipway/registry-client';
import type { Overrides, PlannedTrial, Trial, Tuning } from '@slipway/training';
import { datasetInput } from './dataset-input.ts';
import type { DeploymentContext } from './deployment-context.ts';
import { ensureExperimentOf } from './experiment-of.ts';
import type { ModelDefinition } from './model-definition.ts';
import { artifactPath, runTag } from './run-tags.ts';

/** A search in the registry: one run, and one nested in it for each trial. */
export interface TrialRuns {
  readonly runId: string;
  readonly experimentId: string;
  readonly begin: (trial: Pick<PlannedTrial, 'number'>) => void;
  /** Adds a trial that was made, with the time since it began. */
  readonly add: (trial: Trial) => Promise<void>;
  readonly end: (tuning: Tuning, report: string) => Promise<void>;
  /** For a search that ended half-way. */
  readonly stop: (status: 'FAILED' | 'KILLED') => Promise<void>;
}

export interface TrialRunsOptions {
  readonly model: ModelDefinition;
  readonly name: string;
  readonly verb: 'tune' | 'try';
  readonly dataset: Parameters<typeof datasetInput>[1];
  readonly params: Readonly<Record<string, string>>;
}

export async function beginTrialRuns(
  context: DeploymentContext,
  { model, name, verb, dataset, params }: TrialRunsOptions,
): Promise<TrialRuns> {
  const { registry, now, environment, who, gitCommit } = context;
  const { experimentId } = await ensureExperimentOf(context, { name, model });
  const tags = {
    [runTag.kind]: 'tuning',
    [runTag.model]: model.name,
    [runTag.environment]: environment,
    [runTag.verb]: verb,
    [runTag.trainDigest]: dataset.digest,
    [runTag.user]: who,
    [runTag.source]: `slipway ${verb} ${model.name}`,
    [runTag.sourceType]: 'LOCAL',
    ...(gitCommit === null ? {} : { [runTag.gitCommit]: gitCommit }),
  };
  const { runId } = await registry.createRun({ experimentId, runName: verb, startTime: now(), tags });
  const finish = async (id: string, status: FinalRunStatus): Promise<void> => {
    await registry.finishRun(id, { status, endTime: now() });
  };
  await orFail(finish, runId, async () => {
    await registry.logInputs(runId, [datasetInput(model, dataset)]);
    await registry.logBatch(runId, { params });
  });
  const { metric } = model.gate;
  const startedAt = new Map<number, number>();
  return {
    runId,
    experimentId,
    begin: ({ number }) => void startedAt.set(number, now()),
    add: async (trial) => {
      const run = await registry.createRun({
        experimentId,
        runName: nameTrial(trial),
        startTime: startedAt.get(trial.number) ?? now(),
        tags: { ...tags, [runTag.kind]: 'trial', [runTag.parent]: runId },
      });
      await orFail(finish, run.runId, async () => {
        await registry.logBatch(run.runId, {
          params: paramsOf({ ...trial.overrides, share: trial.share }),
          metrics: metricsOf(trial, metric, now()),
          tags: trial.failure === undefined ? {} : { [runTag.description]: trial.failure.message },
        });
        await finish(run.runId, trial.result === null ? 'FAILED' : 'FINISHED');
      });
    },
    end: ({ best }, report) =>
      orFail(finish, runId, async () => {
        await registry.logBatch(runId, {
          params: paramsOf({ 'best.trial': best.number, ...prefixed('best', best.overrides) }),
          metrics: metricsOf(best, metric, now()),
        });
        await registry.logArtifact(runId, artifactPath.tuningReport, new TextEncoder().encode(report));
        await finish(runId, 'FINISHED');
      }),
    stop: (status) => finish(runId, status),
  };
}

/** A run whose record is cut short does not stay as if it ran. */
async function orFail(
  finish: (runId: string, status: FinalRunStatus) => Promise<void>,
  runId: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    await finish(runId, 'FAILED').catch(() => undefined);
    throw error;
  }
}

/** Values by path as MLflow keeps them: texts as they are, others as JSON, cut where they are longer than fits. */
function paramsOf(values: Overrides): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([path, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return [path, [...text].slice(0, registryLimits.paramValueLength).join('')];
    }),
  );
}

function prefixed(prefix: string, values: Overrides): Overrides {
  return Object.fromEntries(Object.entries(values).map(([path, value]) => [`${prefix}.${path}`, value]));
}

function metricsOf({ result }: Trial, metric: string, timestamp: number): RunMetric[] {
  if (result === null) return [];
  return [
    { key: `cv.${metric}`, value: result.mean, timestamp, step: 0 },
    { key: `cv.${metric}.deviation`, value: result.deviation, timestamp, step: 0 },
  ];
}
