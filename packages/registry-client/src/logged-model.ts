import type { RunMetric } from './run-metric.ts';

export const loggedModelStatuses = ['PENDING', 'READY', 'FAILED'] as const;
export type LoggedModelStatus = (typeof loggedModelStatuses)[number];

/** A metric of a logged model, with the run that measured it. */
export interface LoggedModelMetric extends Omit<RunMetric, 'modelId'> {
  readonly runId: string;
}

/** A trained model and its files, registered or not. */
export interface LoggedModel {
  /** `m-` and 32 hexadecimal characters. */
  readonly modelId: string;
  readonly experimentId: string;
  /** Need not be unique. */
  readonly name: string;
  readonly modelType: string | null;
  readonly runId: string | null;
  /** PENDING until its files are complete. */
  readonly status: LoggedModelStatus;
  /** Milliseconds since 1970, UTC. */
  readonly creationTime: number;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: readonly LoggedModelMetric[];
}
