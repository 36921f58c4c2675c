export { applyPreprocessing } from './apply-preprocessing.ts';
export { createBatchPredictor, type BatchPredictor } from './batch/create-batch-predictor.ts';
export { exportForest } from './export-forest.ts';
export { type FeatureMatrix } from './feature-matrix.ts';
export { fitVersionsOf } from './fit-versions-of.ts';
export { fitPreprocessing } from './fit-preprocessing.ts';
export {
  familyFitVersions,
  type FittedCurve,
  type FittedEstimator,
  type FittedExponential,
  type FittedForest,
  type FittedLinear,
  type FittedMean,
  type FittedPolynomial,
  type FittedPower,
  type FittedTheilSen,
} from './fitted-estimator.ts';
export { targetTransformSchema, type FittedModel, type TargetTransform } from './fitted-model.ts';
export { type FittedStep } from './fitted-step.ts';
export { type LibraryForest } from './library-forest.ts';
export { meanAndDeviation } from './mean-and-deviation.ts';
export { importForest } from './import-forest.ts';
export { lowerMedian } from './median-of-trees.ts';
export { artifactFileNames } from './model-document.ts';
export { nullableInputs } from './nullable-inputs.ts';
export { writeOnnx } from './onnx/write-onnx.ts';
export { predictEstimator } from './predict-estimator.ts';
export { predictModel } from './predict-model.ts';
export { preprocessingSchema, stepFitVersions, type PreprocessingStep } from './preprocessing-schema.ts';
export { pythonVersion } from './python-files.ts';
export { readArtifact } from './read-artifact.ts';
export { writeArtifact, type Artifact, type ArtifactFile } from './write-artifact.ts';
