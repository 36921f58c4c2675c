import type { FittedModel } from '@slipway/models';

/** One loaded version: what a request is answered with from its first row to its last. */
export interface ModelHandle {
  /** Registered name. */
  readonly model: string;
  readonly version: string;
  /** Run that trained it; null for a version that was registered without one. */
  readonly runId: string | null;
  readonly fitted: FittedModel;
}
