export { countWindow, type EventTimeRange } from './count-window.ts';
export { driftMigrations } from './drift-migrations.ts';
export { storeWindowResults, type WindowResult } from './store-window-results.ts';
