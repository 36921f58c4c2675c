import { artifactDigestTag } from '@slipway/registry-client';

/** Tags that Slipway writes on runs and versions. MLflow shows them with no plugin; the plan reads them back. */
export const runTag = {
  kind: 'slipway.kind',
  model: 'slipway.model',
  environment: 'slipway.environment',
  verb: 'slipway.verb',
  /** The database that the watermark and the datasets of the run are of. */
  database: 'slipway.database',
  featureTable: 'slipway.feature_table',
  inputsDigest: 'slipway.inputs_digest',
  gate: 'slipway.gate',
  watermark: 'slipway.watermark',
  outcome: 'slipway.outcome',
  verdict: 'slipway.verdict',
  artifactDigest: artifactDigestTag,
  modelId: 'slipway.model_id',
  trainDigest: 'slipway.dataset.train',
  testDigest: 'slipway.dataset.test',
  predictionsDigest: 'slipway.dataset.predictions',
  /** The run that a run is nested in; MLflow draws it below. */
  parent: 'mlflow.parentRunId',
  gitCommit: 'mlflow.source.git.commit',
  user: 'mlflow.user',
  /** What ran, as MLflow's column "Source" shows it. */
  source: 'mlflow.source.name',
  sourceType: 'mlflow.source.type',
  /** Markdown, the description of a run or experiment in MLflow's pages. */
  description: 'mlflow.note.content',
} as const;

/** Audit entries are version tags `slipway.move.<sequence>`. */
export const moveTagPrefix = 'slipway.move.';

/** Where things lie among a run's artifacts. */
export const artifactPath = {
  configuration: 'configuration.json',
  /** In a file, as a tag holds 8,000 characters and wide tables have more columns than fit. */
  inputs: 'inputs.json',
  verdict: 'verdict.json',
  baseline: 'drift/baseline.json',
  evaluationReport: 'reports/evaluation.html',
  tuningReport: 'reports/tuning.html',
} as const;
