import type { FittedModel } from '@slipway/models';

/** One loaded version: what a request is answered with from its first row to its last. */
export interface ModelHandle {
  /** Registered name. */
  readonly model: string;
  readonly version: string;
  readonly runId: string;
  readonly fitted: FittedModel;
}
