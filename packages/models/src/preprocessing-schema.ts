import { z } from 'zod';
import { allSteps, type StepName } from './steps/all-steps.ts';

const { bin, clip, cyclic, dateParts, drop, impute, log, log1p } = allSteps;
const { minMax, oneHot, ordinal, product, ratio, standardise, winsorise } = allSteps;

/** The steps of a configuration, applied in order to the training rows and to every request alike. */
export const preprocessingSchema = z.array(
  z.discriminatedUnion('step', [
    bin.config,
    clip.config,
    cyclic.config,
    dateParts.config,
    drop.config,
    impute.config,
    log.config,
    log1p.config,
    minMax.config,
    oneHot.config,
    ordinal.config,
    product.config,
    ratio.config,
    standardise.config,
    winsorise.config,
  ]),
);

export type PreprocessingStep = z.output<typeof preprocessingSchema>[number];

/** Raised when a step gives other numbers for the same input. */
export const stepFitVersions = Object.fromEntries(
  Object.entries(allSteps).map(([name, { fitVersion }]) => [name, fitVersion]),
) as Record<StepName, number>;
