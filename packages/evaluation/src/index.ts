export {
  decideAgainstChampion,
  refuseUnscorable,
  type ChampionComparison,
} from './decide-against-champion.ts';
export { decideFirstDeployment } from './decide-first-deployment.ts';
export { evaluateRegression } from './evaluate-regression.ts';
export { gateSchema, type Gate } from './gate-schema.ts';
export { regressionMetrics, type Metric, type RegressionMetric } from './metric.ts';
export { pairedBootstrap, type PairedBootstrapOptions } from './paired-bootstrap.ts';
export { renderEvaluationReport, type EvaluationReport } from './report/render-evaluation-report.ts';
export {
  describeOverrides,
  describeTuning,
  fittedTrials,
  nameTrial,
  renderTuningReport,
  type ReportedTrial,
  type TuningReport,
} from './report/render-tuning-report.ts';
export { sliceErrors, type ReportedColumn, type SliceError } from './report/slice-errors.ts';
