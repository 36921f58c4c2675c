import { modelSignatureSchema } from '@slipway/contracts';
import { z } from 'zod';
import { targetTransformSchema } from './fitted-model.ts';
import { fittedStepSchema } from './fitted-step.ts';

const estimatorDocumentSchema = z.discriminatedUnion('family', [
  /** The nodes are in `forest.bin`. */
  z.strictObject({ family: z.literal('random-forest'), selectionMethod: z.literal('median').optional() }),
  z.strictObject({ family: z.literal('linear'), intercept: z.number(), coefficients: z.array(z.number()) }),
  z.strictObject({ family: z.literal('mean'), mean: z.number() }),
  z.strictObject({
    family: z.enum(['polynomial', 'robust-polynomial']),
    centre: z.number(),
    spread: z.number(),
    coefficients: z.array(z.number()),
  }),
  z.strictObject({ family: z.literal('theil-sen'), slope: z.number(), intercept: z.number() }),
  z.strictObject({ family: z.literal('power'), factor: z.number(), exponent: z.number() }),
  z.strictObject({ family: z.literal('exponential'), factor: z.number(), rate: z.number() }),
]);

/** `model.json` of an artifact. */
export const modelDocumentSchema = z.strictObject({
  formatVersion: z.literal(1),
  signature: modelSignatureSchema,
  preprocessing: z.array(fittedStepSchema),
  estimator: estimatorDocumentSchema,
  targetTransform: targetTransformSchema,
});

/** Names of the files of an artifact; those that Python reads have the names MLflow gives them. */
export const artifactFileNames = {
  manifest: 'manifest.json',
  model: 'model.json',
  forest: 'forest.bin',
  onnx: 'model.onnx',
  inputExample: 'input_example.json',
  servingInputExample: 'serving_input_example.json',
  requirements: 'requirements.txt',
  condaEnvironment: 'conda.yaml',
  pythonEnvironment: 'python_env.yaml',
} as const;
