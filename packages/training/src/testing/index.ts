export { checkEstimator, type EstimatorCheck } from './check-estimator.ts';
