import type { SlipwayError } from '@slipway/contracts';
import { registryRejected } from '../registry-rejected.ts';
import { isMissing, type MlflowRefusal } from './mlflow-answer.ts';
import { runNotFound } from './not-found-errors.ts';

/** What MLflow's refusal of a batch means, where we know. */
export function batchRefusal(refusal: MlflowRefusal, runId: string): SlipwayError | undefined {
  if (isMissing(refusal)) return runNotFound(runId);
  if (/Changing param values is not allowed/.test(refusal.message)) return paramConflict();
  if (/FOREIGN KEY|foreign key/.test(refusal.message) && /logged_model_metrics/.test(refusal.message)) {
    const what = 'A metric names a logged model that the registry does not have';
    return registryRejected({ field: 'metrics.modelId', reason: 'not_found', what });
  }
  return /logged_model_metrics/.test(refusal.message) ? modelMetricConflict() : undefined;
}

/** A param is written once. */
export function paramConflict(): SlipwayError {
  return registryRejected({
    field: 'params.value',
    reason: 'conflict',
    what: 'A param of this run has another value already',
    next: 'Start a new run, or use a tag',
  });
}

/** The key of a logged model's metric has no dataset in it. */
export function modelMetricConflict(): SlipwayError {
  return registryRejected({
    field: 'metrics',
    reason: 'conflict',
    what: 'A logged model has another value, or another dataset, for a metric of the same name, timestamp, step and run',
    next: 'Give each dataset a timestamp of its own, the test set the newest',
  });
}
