export { type EstimatorFamily, type TrainingRows } from './estimator-family.ts';
export { estimatorSchema, type Estimator, type RandomForest } from './estimator-schema.ts';
export { familyOf, fitEstimator } from './fit-estimator.ts';
export { type FitOptions, type FitProgress } from './fit-options.ts';
export { fitForest, growForest, type GrownForest } from './forest/fit-forest.ts';
export { permutationImportance, type PermutationOptions } from './permutation-importance.ts';
export { outOfBag, type OutOfBag } from './forest/out-of-bag.ts';
export { trainModel, type TrainOptions } from './train-model.ts';
export { crossValidate, type CrossValidation } from './tuning/cross-validate.ts';
export { defaultSearchSpace } from './tuning/default-search-space.ts';
export { groupFolds, kFold, stratifiedFolds, timeFolds, type Fold } from './tuning/folds.ts';
export {
  drawFrom,
  gridOf,
  searchSpaceSchema,
  withOverrides,
  type Overrides,
  type SearchSpace,
} from './tuning/search-space.ts';
export { type PlannedTrial, type Trial, type TunedConfiguration } from './tuning/run-trial.ts';
export { sortTrials, tune, type Tuning, type TuningOptions } from './tuning/tune.ts';
