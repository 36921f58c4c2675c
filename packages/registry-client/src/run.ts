import type { DatasetInput } from './dataset-input.ts';

export const runStatuses = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const;
export type RunStatus = (typeof runStatuses)[number];

export const finalRunStatuses = ['FINISHED', 'FAILED', 'KILLED'] as const satisfies readonly RunStatus[];
export type FinalRunStatus = (typeof finalRunStatuses)[number];

/** One attempt: what went in, what came out. */
export interface Run {
  /** 32 hexadecimal characters. */
  readonly runId: string;
  readonly experimentId: string;
  readonly runName: string;
  readonly status: RunStatus;
  /** Milliseconds since 1970, UTC. */
  readonly startTime: number;
  /** Milliseconds since 1970, UTC; null while the run goes on. */
  readonly endTime: number | null;
  /** Immutable once written. */
  readonly params: Readonly<Record<string, string>>;
  /** The latest value of each metric: greatest step, then timestamp, then value. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
  /** In the order they were logged. */
  readonly inputs: readonly DatasetInput[];
  /** The logged models this run made, oldest first. */
  readonly modelIds: readonly string[];
}
