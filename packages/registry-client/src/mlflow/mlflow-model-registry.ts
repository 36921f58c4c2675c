import type { ModelRegistry } from '../model-registry.ts';
import { createModelVersion } from './create-model-version.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { deleteAlias } from './delete-alias.ts';
import { ensureRegisteredModel } from './ensure-registered-model.ts';
import { findRegisteredModel } from './find-registered-model.ts';
import { findVersionByAlias } from './find-version-by-alias.ts';
import { getModelVersion } from './get-model-version.ts';
import { listFiles } from './list-files.ts';
import { listModelVersions } from './list-model-versions.ts';
import type { FoundLoggedModel, LoggedModelStore } from './logged-model-store.ts';
import { loggedModelNotFound } from './not-found-errors.ts';
import { readFile } from './read-file.ts';
import { remember } from './remember.ts';
import { setAlias } from './set-alias.ts';
import { setModelVersionTag } from './set-model-version-tag.ts';
import { writeFile } from './write-file.ts';

/** The model half of the client. */
export function mlflowModelRegistry(
  transport: MlflowTransport,
  models: () => Promise<LoggedModelStore>,
): ModelRegistry {
  const getModel = async (modelId: string): Promise<FoundLoggedModel> => {
    const found = await (await models()).find(modelId);
    if (found === undefined) throw loggedModelNotFound(modelId);
    return found;
  };
  // Where a model's files lie never changes.
  const folderOf = remember(async (modelId: string) => (await getModel(modelId)).folder);
  return {
    createLoggedModel: async (options) => (await models()).create(options),
    getLoggedModel: async (modelId) => (await getModel(modelId)).model,
    listLoggedModels: async (options) => (await models()).list(options),
    finalizeLoggedModel: async (modelId, status) => (await models()).finalize(modelId, status),
    setLoggedModelTags: async (modelId, tags) => (await models()).setTags(modelId, tags),
    async logModelArtifact(modelId, path, content) {
      await writeFile(transport, { folder: await folderOf(modelId), path, content, owner: modelId });
      if (path === 'MLmodel') await (await models()).announce(modelId, content);
    },
    async readModelArtifact(modelId, path) {
      return readFile(transport, { folder: await folderOf(modelId), path, owner: modelId });
    },
    async listModelArtifacts(modelId, prefix) {
      return listFiles(transport, await folderOf(modelId), prefix);
    },
    ensureRegisteredModel: (name, options) => ensureRegisteredModel(transport, name, options),
    findRegisteredModel: (name) => findRegisteredModel(transport, name),
    async createModelVersion(options) {
      const { modelId } = options;
      const model = modelId === undefined ? undefined : await getModel(modelId);
      return createModelVersion(transport, options, model);
    },
    getModelVersion: (name, version) => getModelVersion(transport, name, version),
    listModelVersions: (name) => listModelVersions(transport, name),
    setModelVersionTag: (name, version, key, value) =>
      setModelVersionTag(transport, { name, version, key, value }),
    setAlias: (name, alias, version) => setAlias(transport, { name, alias, version }),
    deleteAlias: (name, alias) => deleteAlias(transport, name, alias),
    findVersionByAlias: (name, alias) => findVersionByAlias(transport, name, alias),
  };
}
