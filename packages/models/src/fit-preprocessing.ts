import type { ColumnBatch } from '@slipway/contracts';
import type { z } from 'zod';
import { compileStep, type FittedStep } from './fitted-step.ts';
import type { PreprocessingStep } from './preprocessing-schema.ts';
import { allSteps } from './steps/all-steps.ts';
import type { StepKind } from './steps/step-kind.ts';

/**
 * Learns what the steps need from the training rows, each from the output of the steps before it.
 * @throws SlipwayError `fit_failed` for a column without values or a wrong mix of steps, `schema_mismatch` for a
 * missing column, `value_unsupported` for a value a step cannot take
 */
export function fitPreprocessing(steps: readonly PreprocessingStep[], batch: ColumnBatch): FittedStep[] {
  const fitted: FittedStep[] = [];
  let current = batch;
  for (const step of steps) {
    const kind = allSteps[step.step] as StepKind<z.ZodType, z.ZodType>;
    const next = kind.fit(step, current) as FittedStep;
    fitted.push(next);
    current = compileStep(next)(current);
  }
  return fitted;
}
