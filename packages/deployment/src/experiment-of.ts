import { regressionMetrics } from '@slipway/evaluation';
import type { Experiment } from '@slipway/registry-client';
import type { DeploymentContext } from './deployment-context.ts';
import type { ModelDefinition } from './model-definition.ts';
import { runTag } from './run-tags.ts';

/** Finds or makes the experiment of a model, with what MLflow's pages need to show it as one that trains models. */
export function ensureExperimentOf(
  { registry }: DeploymentContext,
  { name, model }: { name: string; model: ModelDefinition },
): Promise<Experiment> {
  const { metric } = model.gate;
  return registry.ensureExperiment(name, {
    tags: {
      // Else MLflow 3 takes it for an experiment with language models and calls its models "agent versions".
      'mlflow.experimentKind': 'custom_model_development',
      'mlflow.experiment.primaryMetric.name': `test.${metric}`,
      'mlflow.experiment.primaryMetric.greaterIsBetter':
        regressionMetrics[metric].direction === 'maximize' ? 'True' : 'False',
      [runTag.description]: descriptionOf(model),
    },
  });
}

/** What a model is for, or who answers for it. */
export function descriptionOf({ description, owner }: ModelDefinition): string {
  return description ?? `owned by ${owner}`;
}
