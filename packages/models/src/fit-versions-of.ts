import { familyFitVersions, type FittedEstimator } from './fitted-estimator.ts';
import { stepFitVersions } from './preprocessing-schema.ts';
import type { StepName } from './steps/all-steps.ts';

/**
 * Fit versions of everything that a configuration or a model uses. Together with the configuration and the dataset digest they
 * decide the artifact digest.
 */
export function fitVersionsOf({
  preprocessing,
  estimator,
}: {
  readonly preprocessing: readonly { readonly step: StepName }[];
  readonly estimator: { readonly family: FittedEstimator['family'] };
}): Record<string, number> {
  const steps = preprocessing.map(({ step }) => [step, stepFitVersions[step]] as const);
  return Object.fromEntries([[estimator.family, familyFitVersions[estimator.family]], ...steps]);
}
