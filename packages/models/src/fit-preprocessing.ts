import { SlipwayError, type ColumnBatch } from '@slipway/contracts';
import type { z } from 'zod';
import { compileStep, type FittedStep } from './fitted-step.ts';
import type { PreprocessingStep } from './preprocessing-schema.ts';
import { allSteps } from './steps/all-steps.ts';
import type { StepKind } from './steps/step-kind.ts';

/**
 * Learns what the steps need from the training rows, each from the output of the steps before it.
 * @throws SlipwayError `fit_failed` for a column without values, values too large or a wrong mix of steps, `schema_mismatch` for a
 * missing column, `value_unsupported` for a value a step cannot take
 */
export function fitPreprocessing(steps: readonly PreprocessingStep[], batch: ColumnBatch): FittedStep[] {
  const fitted: FittedStep[] = [];
  let current = batch;
  for (const step of steps) {
    const kind = allSteps[step.step] as StepKind<z.ZodType, z.ZodType>;
    const next = kind.fit(step, current) as FittedStep;
    if (!isFinite(next)) throw overflow(step);
    fitted.push(next);
    current = compileStep(next)(current);
  }
  return fitted;
}

/** Whether every number in what a step has learnt is one. */
function isFinite(learnt: unknown): boolean {
  if (typeof learnt === 'number') return Number.isFinite(learnt);
  return typeof learnt !== 'object' || learnt === null || Object.values(learnt).every(isFinite);
}

function overflow({ step }: PreprocessingStep): SlipwayError {
  return new SlipwayError('fit_failed', {
    what: `The step "${step}" has learnt a number that is not finite`,
    expected: 'values whose squares and differences are below 1.8e308',
    next: 'Scale or clip the column before it is loaded, or leave the step out',
  });
}
