import type { GateVerdict } from '@slipway/contracts';
import type { AttemptVerb } from './attempt.ts';

/** What a deploy or retrain came to. `kept`: the gate kept production. `waiting`: there are no rows to train on yet. */
export interface DeployOutcome {
  readonly model: string;
  readonly registeredName: string;
  readonly verb: AttemptVerb;
  readonly outcome: 'promoted' | 'kept' | 'nothing' | 'held' | 'waiting';
  readonly version: string | null;
  readonly runId: string | null;
  readonly watermark: number;
  readonly reasons: readonly string[];
  readonly information: readonly string[];
  readonly metrics: Readonly<Record<string, number>> | null;
  readonly digests: {
    readonly train: string;
    readonly test: string;
    readonly predictions: string;
    readonly artifact: string;
  } | null;
  readonly verdict: GateVerdict | null;
  /** The evaluation report as self-contained HTML; null when nothing was evaluated. */
  readonly report: string | null;
}
