/**
 * The limits of MLflow that hold on every server we support (`mlflow/utils/validation.py` and its database columns).
 * Lengths are in characters (Unicode code points), counts in entries of one call.
 */
export const registryLimits = {
  keyLength: 250,
  paramValueLength: 6_000,
  experimentTagValueLength: 5_000,
  runTagValueLength: 8_000,
  /** 100,000 in MLflow 3.x, 5,000 in 2.22 and in Postgres columns. */
  versionTagValueLength: 5_000,
  experimentNameLength: 500,
  runNameLength: 250,
  loggedModelNameLength: 250,
  registeredModelNameLength: 256,
  aliasLength: 255,
  sourceLength: 500,
  descriptionLength: 5_000,
  datasetNameLength: 500,
  datasetDigestLength: 36,
  datasetSourceTypeLength: 36,
  datasetSourceLength: 65_535,
  datasetSchemaLength: 1_048_575,
  datasetProfileLength: 16_777_215,
  inputTagKeyLength: 255,
  inputTagValueLength: 500,
  artifactPathLength: 500,
  /** Of one request; `logBatch` sends as many as it takes. */
  batchParams: 100,
  batchTags: 100,
  batchMetrics: 1_000,
  batchTotal: 1_000,
  searchResults: 50_000,
} as const;
