import {
  parseConfiguration,
  selectColumns,
  SlipwayError,
  type ColumnBatch,
  type ErrorCode,
} from '@slipway/contracts';
import type { RegressionMetric } from '@slipway/evaluation';
import { preprocessingSchema, targetTransformSchema, type TargetTransform } from '@slipway/models';
import { z } from 'zod';
import { estimatorSchema } from '../estimator-schema.ts';
import type { FitOptions } from '../fit-options.ts';
import { crossValidate, type CrossValidation } from './cross-validate.ts';
import type { Fold } from './folds.ts';
import { withOverrides, type Overrides } from './search-space.ts';

/** The part of a configuration that a search may change, as it is written. */
export interface TunedConfiguration {
  /** Columns of the training rows that the model takes. */
  readonly features: readonly string[];
  readonly preprocessing: readonly unknown[];
  readonly estimator: unknown;
  readonly targetTransform?: TargetTransform;
  /** How rows are held out. It decides what a score means, so a trial that changes it competes with no other. */
  readonly split?: unknown;
}

const configurationSchema = z.strictObject({
  features: z.array(z.string()).min(1),
  preprocessing: preprocessingSchema,
  estimator: estimatorSchema,
  targetTransform: targetTransformSchema.default('none'),
  split: z.unknown().optional(),
});

/** A trial that is to be made. */
export interface PlannedTrial {
  /** From 0, which is the starting configuration. */
  readonly number: number;
  readonly overrides: Overrides;
  /** Share of the rows of each fold that it is fitted on. */
  readonly share: number;
  /** False where it is scored on other folds than the start, so that it competes with no trial. */
  readonly keepsSplit: boolean;
}

/** One configuration, scored. */
export interface Trial extends PlannedTrial {
  /** Null for a configuration that could not be fitted. */
  readonly result: CrossValidation | null;
  /** Why it could not. */
  readonly failure?: { readonly code: ErrorCode; readonly message: string };
}

/** What all trials of a search are made of; plain data. */
export interface TrialData {
  readonly start: TunedConfiguration;
  /** All columns that any trial may take. */
  readonly columns: ColumnBatch;
  readonly target: Float64Array;
  /** @default 'rmse' */
  readonly metric?: RegressionMetric;
}

/**
 * Fits and scores one configuration. What cannot be fitted is a result too.
 * @throws SlipwayError `aborted`; what the starting configuration throws
 */
export async function runTrial(
  { start, columns, target, metric = 'rmse' }: TrialData,
  trial: PlannedTrial,
  { folds, ...options }: FitOptions & { readonly folds: readonly Fold[] },
): Promise<Trial> {
  const { number, overrides, share } = trial;
  try {
    const { features, preprocessing, estimator, targetTransform } = parseConfiguration(
      configurationSchema,
      `configuration of trial ${number}`,
      withOverrides(start, overrides),
    );
    const result = await crossValidate(
      {
        preprocessing,
        estimator,
        targetTransform,
        features: selectColumns(columns, features),
        target,
        targetName: 'target',
        ...options,
      },
      { folds: folds.map((fold) => shareOf(fold, share)), metric },
    );
    return { ...trial, result: checkScore(result) };
  } catch (error) {
    if (number === 0) throw error;
    return failedTrial(trial, error);
  }
}

/** A score that is no number compares with none, and no registry keeps it. */
function checkScore(result: CrossValidation): CrossValidation {
  if (Number.isFinite(result.mean) && Number.isFinite(result.deviation)) return result;
  throw new SlipwayError('fit_failed', { what: 'Its predictions have no finite score' });
}

/** A trial of a configuration that could not be fitted. @throws what is no fault of the configuration */
export function failedTrial(trial: PlannedTrial, error: unknown): Trial {
  if (!SlipwayError.isInstance(error) || error.code === 'aborted') throw error;
  return { ...trial, result: null, failure: { code: error.code, message: error.message } };
}

/** Rows to fit on at equal distances; all rows to score. */
function shareOf({ train, validation }: Fold, share: number): Fold {
  const count = Math.max(1, Math.round(train.length * share));
  const picked = Int32Array.from(
    { length: count },
    (_, place) => train[Math.floor((place * train.length) / count)]!,
  );
  return { train: picked, validation };
}
