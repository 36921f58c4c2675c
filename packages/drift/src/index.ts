export { buildBaseline, type BaselineOptions } from './build-baseline.ts';
export { type ColumnDrift } from './compare-column.ts';
export { decideDrift, type DriftVerdict } from './decide-drift.ts';
export {
  addBatch,
  createDriftState,
  mergeStates,
  type DriftState,
  type DriftStateColumn,
} from './drift-state.ts';
export { monitoringSchema, type MonitoringPolicy } from './monitoring-schema.ts';
export { reduceAlert } from './reduce-alert.ts';
export { renderDriftReport, type DriftReport, type ReportedWindow } from './report/render-drift-report.ts';
export { adjustPValues } from './statistics/adjust-p-values.ts';
export { chiSquareTest, type ChiSquareResult } from './statistics/chi-square-test.ts';
export { jensenShannonDistance } from './statistics/jensen-shannon-distance.ts';
export { populationStabilityIndex } from './statistics/population-stability-index.ts';
