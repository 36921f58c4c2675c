import type { LoggedModel } from '../logged-model.ts';
import type { CreateLoggedModelOptions, ListLoggedModelsOptions } from '../model-registry.ts';
import type { RunBatch } from '../run-registry.ts';
import type { ArtifactFolder } from './artifact-folder.ts';

/** A logged model and where it lies. */
export interface FoundLoggedModel {
  readonly model: LoggedModel;
  readonly folder: ArtifactFolder;
  /** What a version made of it names as its source. */
  readonly source: string;
  /** False for one that is kept in fields of its run: the server knows no such id. */
  readonly isNative: boolean;
}

/** Logged models on one kind of server: MLflow's own from 3 on, kept in fields of their run before. */
export interface LoggedModelStore {
  create(options: CreateLoggedModelOptions): Promise<LoggedModel>;
  find(modelId: string): Promise<FoundLoggedModel | undefined>;
  list(options: ListLoggedModelsOptions): Promise<readonly LoggedModel[]>;
  finalize(modelId: string, status: 'READY' | 'FAILED'): Promise<LoggedModel>;
  setTags(modelId: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Called when the text of `MLmodel` has been written. */
  announce(modelId: string, mlmodel: Uint8Array): Promise<void>;
  /** Writes a batch, with the metrics that name a logged model. */
  logBatch(runId: string, batch: RunBatch): Promise<void>;
}
