import { familyFitVersions, stepFitVersions, type PreprocessingStep } from '@slipway/models';
import type { Estimator } from './estimator-schema.ts';

/**
 * Fit versions of everything a configuration uses. Together with the configuration and the dataset digest they decide
 * the artifact digest.
 */
export function fitVersionsOf({
  preprocessing,
  estimator,
}: {
  readonly preprocessing: readonly PreprocessingStep[];
  readonly estimator: Pick<Estimator, 'family'>;
}): Record<string, number> {
  const steps = preprocessing.map(({ step }) => [step, stepFitVersions[step]] as const);
  return Object.fromEntries([[estimator.family, familyFitVersions[estimator.family]], ...steps]);
}
