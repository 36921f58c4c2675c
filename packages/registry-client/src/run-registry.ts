import type { ArtifactEntry } from './artifact-entry.ts';
import type { DatasetInput } from './dataset-input.ts';
import type { Experiment } from './experiment.ts';
import type { FinalRunStatus, Run, RunStatus } from './run.ts';
import type { RunMetric } from './run-metric.ts';

type Texts = Readonly<Record<string, string>>;

export interface CreateRunOptions {
  readonly experimentId: string;
  readonly runName: string;
  /** Milliseconds since 1970, UTC. */
  readonly startTime: number;
  readonly tags?: Texts;
}

export interface SearchRunsOptions {
  readonly experimentId: string;
  /** Only runs that have all of these tags with exactly these values. */
  readonly tags?: Texts;
  readonly status?: RunStatus;
  /** 1 to 50,000. @default 1000 */
  readonly maxResults?: number;
}

export interface RunChange {
  readonly status?: RunStatus;
  readonly runName?: string;
  readonly endTime?: number;
}

export interface RunBatch {
  readonly params?: Texts;
  readonly metrics?: readonly RunMetric[];
  readonly tags?: Texts;
}

/** Experiments, runs and the files of runs. Every method rejects with `run_not_found` for an unknown run. */
export interface RunRegistry {
  /** Finds or creates; repeatable and safe when called at the same time. Tags are written only when it is created. */
  ensureExperiment(name: string, options?: { readonly tags?: Texts }): Promise<Experiment>;
  /** Overwrites tags of an experiment; others stay. Repeatable. Rejects with `registry_rejected` for an unknown one. */
  setExperimentTags(experimentId: string, tags: Texts): Promise<void>;
  findExperiment(name: string): Promise<Experiment | undefined>;
  /** Always makes a new run, status RUNNING. Not repeatable: tag it with a key and search first. */
  createRun(options: CreateRunOptions): Promise<Run>;
  getRun(runId: string): Promise<Run>;
  updateRun(runId: string, change: RunChange): Promise<Run>;
  /** Repeatable. */
  finishRun(runId: string, end: { readonly status: FinalRunStatus; readonly endTime: number }): Promise<Run>;
  /** Newest start first. */
  searchRuns(options: SearchRunsOptions): Promise<readonly Run[]>;
  /**
   * Any number of params, metrics and tags: what is more than MLflow takes at once is sent in several requests, params
   * first, tags last. Repeatable with the same values.
   * A param that exists with another value is refused and nothing of the batch is written; tags are overwritten. A
   * metric of a logged model that exists with another value or dataset is refused; MLflow may have written the rest.
   */
  logBatch(runId: string, batch: RunBatch): Promise<void>;
  /** Repeatable; see {@link DatasetInput} for what is kept of a repetition. */
  logInputs(runId: string, inputs: readonly DatasetInput[]): Promise<void>;
  /** Every value of one metric by step, then timestamp. */
  getMetricHistory(runId: string, key: string): Promise<readonly RunMetric[]>;
  /** Writes or overwrites one file. */
  logArtifact(runId: string, path: string, content: Uint8Array): Promise<void>;
  /** Rejects with `file_not_found`, and with `artifact_invalid` when the stored bytes are damaged. */
  readArtifact(runId: string, path: string): Promise<Uint8Array>;
  /** Every file below the folder `prefix` (all without one), at all depths, sorted by path in code units. */
  listArtifacts(runId: string, prefix?: string): Promise<readonly ArtifactEntry[]>;
}
