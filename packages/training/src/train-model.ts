import {
  parseConfiguration,
  SlipwayError,
  type ColumnBatch,
  type ColumnSpec,
  type ModelSignature,
} from '@slipway/contracts';
import {
  applyPreprocessing,
  fitPreprocessing,
  nullableInputs,
  preprocessingSchema,
  targetTransformSchema,
  type FittedModel,
  type PreprocessingStep,
  type TargetTransform,
} from '@slipway/models';
import { z } from 'zod';
import { checkRowCount } from './check-training-rows.ts';
import { estimatorSchema, type Estimator } from './estimator-schema.ts';
import { fitEstimator } from './fit-estimator.ts';
import type { FitOptions } from './fit-options.ts';

export interface TrainOptions extends FitOptions {
  readonly preprocessing: readonly PreprocessingStep[];
  readonly estimator: Estimator;
  /** @default 'none' */
  readonly targetTransform?: TargetTransform;
  /** Raw feature columns in signature order. */
  readonly features: ColumnBatch;
  /** One finite value per row. */
  readonly target: Float64Array;
  /** Names the prediction column of the signature. */
  readonly targetName: string;
  /** Columns that name the thing a row is about: no features, told to serving by the signature. */
  readonly entityKey?: readonly ColumnSpec[];
}

/** Checked here too: without types nothing tells that a configuration was never parsed, and its defaults are not there. */
const configurationSchema = z.object({
  preprocessing: preprocessingSchema,
  estimator: estimatorSchema,
  targetTransform: targetTransformSchema.default('none'),
});

/**
 * Fits preprocessing and estimator on the training rows. The same options give the same model, bit for bit.
 * @throws SlipwayError `configuration_invalid`, `fit_failed` for data no model can be fitted to, `parameter_invalid`,
 * `value_unsupported`, `aborted`
 */
export async function trainModel(options: TrainOptions): Promise<FittedModel> {
  const { features } = options;
  const configuration = parseConfiguration(configurationSchema, 'configuration to train', options);
  const { preprocessing, targetTransform } = configuration;
  const target = transformTarget(checkTarget(options), targetTransform);
  const steps = fitPreprocessing(preprocessing, features);
  const rows = { features: applyPreprocessing(steps, features), target };
  const estimator = await fitEstimator(configuration.estimator, rows, options);
  return {
    formatVersion: 1,
    signature: signatureOf({ ...options, preprocessing }),
    preprocessing: steps,
    estimator,
    targetTransform,
  };
}

function checkTarget({ features, target, targetName }: TrainOptions): Float64Array {
  checkRowCount(features.rowCount, target);
  const row = target.findIndex((value) => !Number.isFinite(value));
  if (row === -1) return target;
  throw new SlipwayError('fit_failed', {
    what: `The target "${targetName}" has no value in row ${row}`,
    next: 'Leave rows without a target out of the training set',
  });
}

function transformTarget(target: Float64Array, transform: TargetTransform): Float64Array {
  if (transform === 'none') return target;
  const row = target.findIndex((value) => value <= 0);
  if (row === -1) return target.map(Math.log);
  throw new SlipwayError('fit_failed', {
    what: `The target of row ${row} is not above 0, so it has no logarithm`,
    next: 'Set "targetTransform" to "none", or correct the data',
  });
}

function signatureOf({ features, preprocessing, targetName, entityKey = [] }: TrainOptions): ModelSignature {
  const nullable = nullableInputs(
    preprocessing,
    features.columns.map(({ name }) => name),
  );
  const inputs = features.columns.map(({ name, type }) => ({ name, type, nullable: nullable.has(name) }));
  const key =
    entityKey.length === 0 ? {} : { entityKey: entityKey.map(({ name, type }) => ({ name, type })) };
  return { formatVersion: 1, inputs, output: { name: targetName, type: 'double' }, ...key };
}
