import type { ArtifactEntry } from './artifact-entry.ts';
import type { LoggedModel } from './logged-model.ts';
import type { ModelVersion } from './model-version.ts';
import type { RegisteredModel } from './registered-model.ts';

type Texts = Readonly<Record<string, string>>;

export interface CreateLoggedModelOptions {
  readonly experimentId: string;
  /** The run that trained it. */
  readonly runId: string;
  /** May not contain any of `/ : . % " '`. */
  readonly name: string;
  readonly modelType?: string;
  readonly params?: Texts;
  readonly tags?: Texts;
}

export interface ListLoggedModelsOptions {
  /** The experiment of the run. */
  readonly experimentId: string;
  /** The run that trained them. */
  readonly runId: string;
}

export interface CreateModelVersionOptions {
  readonly name: string;
  readonly runId: string;
  readonly modelId?: string;
  /** Left out: the files of the logged model, `models:/<modelId>`. */
  readonly source?: string;
  readonly tags?: Texts;
  readonly description?: string;
}

/**
 * Logged models with their files, registered models, versions and aliases.
 * An unknown version rejects with `model_version_not_found`, an unknown logged model with `registry_rejected`.
 */
export interface ModelRegistry {
  /** Always makes a new one, status PENDING. Not repeatable. */
  createLoggedModel(options: CreateLoggedModelOptions): Promise<LoggedModel>;
  getLoggedModel(modelId: string): Promise<LoggedModel>;
  /**
   * The logged models of a run, oldest first, also one that a process left PENDING as it died and that the run does not
   * name yet. Empty for an unknown run.
   */
  listLoggedModels(options: ListLoggedModelsOptions): Promise<readonly LoggedModel[]>;
  /** Call it when the files are complete. Repeatable; any order of states is accepted. */
  finalizeLoggedModel(modelId: string, status: 'READY' | 'FAILED'): Promise<LoggedModel>;
  setLoggedModelTags(modelId: string, tags: Texts): Promise<void>;
  logModelArtifact(modelId: string, path: string, content: Uint8Array): Promise<void>;
  readModelArtifact(modelId: string, path: string): Promise<Uint8Array>;
  listModelArtifacts(modelId: string, prefix?: string): Promise<readonly ArtifactEntry[]>;
  /** Finds or creates. Tags and description are written only when it is created. */
  ensureRegisteredModel(
    name: string,
    options?: { readonly tags?: Texts; readonly description?: string },
  ): Promise<RegisteredModel>;
  findRegisteredModel(name: string): Promise<RegisteredModel | undefined>;
  /** Always makes the next number: 1, 2, 3, ... per model, also when called at the same time. Not repeatable. */
  createModelVersion(options: CreateModelVersionOptions): Promise<ModelVersion>;
  getModelVersion(name: string, version: string): Promise<ModelVersion>;
  /** Highest number first; empty for an unknown model. */
  listModelVersions(name: string): Promise<readonly ModelVersion[]>;
  setModelVersionTag(name: string, version: string, key: string, value: string): Promise<void>;
  /**
   * Points an alias at a version, whatever it pointed at before: there is no compare-and-set.
   * Who shares an alias with others takes a lease around read, set and verify.
   */
  setAlias(name: string, alias: string, version: string): Promise<void>;
  /** Repeatable: an alias that is not set is fine. */
  deleteAlias(name: string, alias: string): Promise<void>;
  /** `undefined` when the alias is not set or the model is unknown. */
  findVersionByAlias(name: string, alias: string): Promise<ModelVersion | undefined>;
}
