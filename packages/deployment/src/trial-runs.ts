import type { RunMetric } from '@slipway/registry-client';
import type { PlannedTrial, Trial, Tuning } from '@slipway/training';
import { datasetInput } from './dataset-input.ts';
import type { DeploymentContext } from './deployment-context.ts';
import { ensureExperimentOf } from './experiment-of.ts';
import type { ModelDefinition } from './model-definition.ts';
import { artifactPath, runTag } from './run-tags.ts';
import { flattenParameters } from './train-candidate.ts';

/** A search in the registry: one run, and one nested in it for each trial. */
export interface TrialRuns {
  readonly runId: string;
  readonly experimentId: string;
  readonly begin: (trial: PlannedTrial) => void;
  /** Adds a trial that was made, with the time since it began. */
  readonly add: (trial: Trial) => Promise<void>;
  readonly end: (tuning: Tuning, report: string) => Promise<void>;
  /** For a search that ended half-way. */
  readonly stop: (status: 'FAILED' | 'KILLED') => Promise<void>;
}

/** MLflow draws a run with this tag under its parent. */
const parentTag = 'mlflow.parentRunId';

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
  await registry.logInputs(runId, [datasetInput(model, dataset)]);
  await registry.logBatch(runId, { params });
  const { metric } = model.gate;
  const startedAt = new Map<number, number>();
  return {
    runId,
    experimentId,
    begin: ({ number }) => void startedAt.set(number, now()),
    add: async (trial) => {
      const run = await registry.createRun({
        experimentId,
        runName: trial.number === 0 ? 'start' : `trial ${trial.number}`,
        startTime: startedAt.get(trial.number) ?? now(),
        tags: { ...tags, [runTag.kind]: 'trial', [parentTag]: runId },
      });
      await registry.logBatch(run.runId, {
        params: { ...flattenParameters(trial.overrides), share: String(trial.share) },
        metrics: metricsOf(trial, metric, now()),
        tags: trial.failure === undefined ? {} : { [runTag.description]: trial.failure.message },
      });
      const status = trial.result === null ? 'FAILED' : 'FINISHED';
      await registry.finishRun(run.runId, { status, endTime: now() });
    },
    end: async ({ best }, report) => {
      await registry.logBatch(runId, {
        params: flattenParameters({ best: { trial: best.number, ...best.overrides } }),
        metrics: metricsOf(best, metric, now()),
      });
      await registry.logArtifact(runId, artifactPath.tuningReport, new TextEncoder().encode(report));
      await registry.finishRun(runId, { status: 'FINISHED', endTime: now() });
    },
    stop: async (status) => {
      await registry.finishRun(runId, { status, endTime: now() });
    },
  };
}

function metricsOf({ result }: Trial, metric: string, timestamp: number): RunMetric[] {
  if (result === null) return [];
  return [
    { key: `cv.${metric}`, value: result.mean, timestamp, step: 0 },
    { key: `cv.${metric}.deviation`, value: result.deviation, timestamp, step: 0 },
  ];
}
