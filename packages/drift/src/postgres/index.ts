export { countWindow, type EventTimeRange } from './count-window.ts';
export { cutWindows, type Window } from './cut-windows.ts';
export { driftMigrations } from './drift-migrations.ts';
export { liveErrors, poolErrors, type LiveError } from './live-errors.ts';
export {
  readWindowResults,
  storeWindowResults,
  type MonitoredSeries,
  type WindowResult,
} from './window-results.ts';
