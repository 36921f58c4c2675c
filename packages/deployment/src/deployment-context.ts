import type { Database } from '@slipway/database';
import type { FeatureTable } from '@slipway/features';
import type { Registry } from '@slipway/registry-client';
import type { StepEvent } from './step-event.ts';

/** Everything a verb needs from outside. Nothing here is read from the environment. */
export interface DeploymentContext {
  readonly database: Database;
  readonly registry: Registry;
  /** `production`, `staging`, `development`, ...: decides the registered name. */
  readonly environment: string;
  readonly featureTables: ReadonlyMap<string, FeatureTable>;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  readonly generateId: () => string;
  /** Names this process in leases. */
  readonly holder: string;
  /** The person or job that asked, for the audit. */
  readonly who: string;
  readonly gitCommit: string | null;
  /** Threads that training may use; they change nothing but its time. @default 1 */
  readonly workers?: number;
  /** Memory that training may take. @default no limit */
  readonly memoryBytes?: number;
  readonly onStep?: (event: StepEvent) => void;
  /** Shortens the wait until serving follows an alias; polling is the truth, so a failure here is only reported. */
  readonly notifyServing?: (model: string) => Promise<void>;
}
