import { z } from 'zod';
import { allSteps } from './steps/all-steps.ts';
import type { ColumnOperation } from './steps/number-operation.ts';
import type { ApplyStep, StepKind } from './steps/step-kind.ts';

const { bin, clip, cyclic, dateParts, drop, impute, log, log1p } = allSteps;
const { minMax, oneHot, ordinal, product, ratio, standardise, winsorise } = allSteps;

/** A preprocessing step with what it learnt from the training rows: data only, never code. */
export const fittedStepSchema = z.discriminatedUnion('step', [
  bin.fitted,
  clip.fitted,
  cyclic.fitted,
  dateParts.fitted,
  drop.fitted,
  impute.fitted,
  log.fitted,
  log1p.fitted,
  minMax.fitted,
  oneHot.fitted,
  ordinal.fitted,
  product.fitted,
  ratio.fitted,
  standardise.fitted,
  winsorise.fitted,
]);

export type FittedStep = z.infer<typeof fittedStepSchema>;

/** The step as a function of batches. */
export function compileStep(step: FittedStep): ApplyStep {
  return kindOf(step).compile(step);
}

/** What a step does to numbers one by one; undefined for a step that does something else. */
export function operationsOf(step: FittedStep): readonly ColumnOperation[] | undefined {
  return kindOf(step).operations?.(step);
}

function kindOf({ step }: FittedStep): StepKind<z.ZodType, z.ZodType> {
  return allSteps[step] as StepKind<z.ZodType, z.ZodType>;
}
