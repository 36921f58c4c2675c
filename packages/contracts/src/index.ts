export { alertStateSchema, type AlertState } from './alert-state.ts';
export { aliasMoveSchema, type AliasMove } from './alias-move.ts';
export { artifactManifestSchema, type ArtifactManifest } from './artifact-manifest.ts';
export { batchFromRows, checkCell, type ColumnSpec } from './batch-from-rows.ts';
export { canonicalJson } from './canonical-json.ts';
export {
  createColumnBatch,
  getColumn,
  getNumericColumn,
  selectColumns,
  takeRows,
  type CellValue,
  type Column,
  type ColumnBatch,
  type NumericColumn,
  type StringColumn,
  type StringValues,
} from './column-batch.ts';
export { columnTypes, columnTypeSchema, type ColumnType } from './column-type.ts';
export { datasetRefSchema, digestSchema, type DatasetRef } from './dataset.ts';
export { digestOf, sha256Hex, type Digest } from './digest.ts';
export {
  driftBaselineSchema,
  type CategoricalCells,
  type DriftBaseline,
  type DriftBaselineColumn,
  type NumericCells,
} from './drift-baseline.ts';
export { driftStateSchema, type DriftState, type DriftStateColumn } from './drift-state.ts';
export { errorCodes, type ErrorCode } from './error-code.ts';
export { gateVerdictSchema, type GateVerdict } from './gate-verdict.ts';
export { checkIdentifier, checkModelName } from './identifier.ts';
export { modelSignatureSchema, type ModelSignature } from './model-signature.ts';
export { nearestName } from './nearest-name.ts';
export { parseConfiguration } from './parse-configuration.ts';
export { parseDatetime } from './parse-datetime.ts';
export { parseStored } from './parse-stored.ts';
export {
  entityKeySchema,
  predictionRecordSchema,
  predictionRoles,
  type EntityKey,
  type PredictionRecord,
  type PredictionRole,
} from './prediction-record.ts';
export {
  columnsWithRole,
  type ColumnRole,
  type Relation,
  type RelationColumn,
  type Watermark,
} from './relation.ts';
export { pythonTypeOf, type PythonType } from './python-type.ts';
export { rowCells } from './row-cells.ts';
export { SlipwayError, type SlipwayErrorFacts } from './slipway-error.ts';
export { tellColumns } from './tell-columns.ts';
