import { regressionMetrics } from '@slipway/evaluation';
import type { Experiment } from '@slipway/registry-client';
import type { DeploymentContext } from './deployment-context.ts';
import type { ModelDefinition } from './model-definition.ts';
import { runTag } from './run-tags.ts';

/**
 * Finds or makes the experiment of a model, with what MLflow's pages need to show it as one that trains models. What the
 * gate looks at follows the configuration; a description that people write there stays theirs.
 */
export async function ensureExperimentOf(
  { registry }: DeploymentContext,
  { name, model }: { name: string; model: ModelDefinition },
): Promise<Experiment> {
  const wanted = pageTags(model);
  const experiment = await registry.ensureExperiment(name, {
    tags: { ...wanted, [runTag.description]: descriptionOf(model) },
  });
  const stale = Object.entries(wanted).filter(([key, value]) => experiment.tags[key] !== value);
  if (stale.length > 0) await registry.setExperimentTags(experiment.experimentId, Object.fromEntries(stale));
  return experiment;
}

function pageTags({ gate: { metric } }: ModelDefinition): Record<string, string> {
  const isBetterWhenGreater = regressionMetrics[metric].direction === 'maximize';
  return {
    // Else MLflow 3 takes it for an experiment with language models and calls its models "agent versions".
    'mlflow.experimentKind': 'custom_model_development',
    'mlflow.experiment.primaryMetric.name': `test.${metric}`,
    'mlflow.experiment.primaryMetric.greaterIsBetter': isBetterWhenGreater ? 'True' : 'False',
  };
}

/** What a model is for, or who answers for it. */
export function descriptionOf({ description, owner }: ModelDefinition): string {
  return description ?? `owned by ${owner}`;
}
