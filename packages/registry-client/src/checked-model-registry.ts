import { checkAlias } from './check-alias.ts';
import { checkArtifactPath } from './check-artifact-path.ts';
import { checkContent } from './check-content.ts';
import { checkKey } from './check-key.ts';
import { checkLoggedModelName, checkRegisteredModelName } from './check-model-names.ts';
import { checkOneOf } from './check-one-of.ts';
import { checkText } from './check-text.ts';
import { checkTexts } from './check-texts.ts';
import { checkVersion } from './check-version.ts';
import { checkVersionSource } from './check-version-source.ts';
import { registryLimits as limits } from './registry-limits.ts';
import type { CreateLoggedModelOptions, CreateModelVersionOptions, ModelRegistry } from './model-registry.ts';

/** The model half of {@link createCheckedRegistry}. */
export function checkedModelRegistry(registry: ModelRegistry): ModelRegistry {
  return {
    async createLoggedModel(options) {
      checkNewLoggedModel(options);
      return registry.createLoggedModel(options);
    },
    async getLoggedModel(modelId) {
      checkModelId(modelId);
      return registry.getLoggedModel(modelId);
    },
    async listLoggedModels({ experimentId, runId }) {
      checkText(experimentId, { field: 'experimentId', minimum: 1, maximum: 32 });
      checkText(runId, { field: 'runId', minimum: 1, maximum: 32 });
      return registry.listLoggedModels({ experimentId, runId });
    },
    async finalizeLoggedModel(modelId, status) {
      checkModelId(modelId);
      checkOneOf(status, 'status', ['READY', 'FAILED']);
      return registry.finalizeLoggedModel(modelId, status);
    },
    async setLoggedModelTags(modelId, tags) {
      checkModelId(modelId);
      checkTexts(tags, { field: 'tags', valueLength: limits.runTagValueLength });
      return registry.setLoggedModelTags(modelId, tags);
    },
    async logModelArtifact(modelId, path, content) {
      checkModelId(modelId);
      checkArtifactPath(path);
      checkContent(content);
      return registry.logModelArtifact(modelId, path, content);
    },
    async readModelArtifact(modelId, path) {
      checkModelId(modelId);
      checkArtifactPath(path);
      return registry.readModelArtifact(modelId, path);
    },
    async listModelArtifacts(modelId, prefix) {
      checkModelId(modelId);
      if (prefix !== undefined) checkArtifactPath(prefix, 'prefix');
      return registry.listModelArtifacts(modelId, prefix);
    },
    async ensureRegisteredModel(name, options = {}) {
      checkRegisteredModelName(name);
      checkDescribed(options);
      return registry.ensureRegisteredModel(name, options);
    },
    async findRegisteredModel(name) {
      checkRegisteredModelName(name);
      return registry.findRegisteredModel(name);
    },
    async createModelVersion(options) {
      checkNewVersion(options);
      return registry.createModelVersion(options);
    },
    async getModelVersion(name, version) {
      checkRegisteredModelName(name);
      checkVersion(version);
      return registry.getModelVersion(name, version);
    },
    async listModelVersions(name) {
      checkRegisteredModelName(name);
      return registry.listModelVersions(name);
    },
    async setModelVersionTag(name, version, key, value) {
      checkRegisteredModelName(name);
      checkVersion(version);
      checkKey(key, 'key');
      checkText(value, { field: 'value', maximum: limits.versionTagValueLength });
      return registry.setModelVersionTag(name, version, key, value);
    },
    async setAlias(name, alias, version) {
      checkRegisteredModelName(name);
      checkAlias(alias);
      checkVersion(version);
      return registry.setAlias(name, alias, version);
    },
    // Reading and deleting take any text: another program may have set an alias that we would not.
    async deleteAlias(name, alias) {
      checkRegisteredModelName(name);
      checkText(alias, { field: 'alias', minimum: 1, maximum: limits.aliasLength });
      return registry.deleteAlias(name, alias);
    },
    async findVersionByAlias(name, alias) {
      checkRegisteredModelName(name);
      checkText(alias, { field: 'alias', minimum: 1, maximum: limits.aliasLength });
      return registry.findVersionByAlias(name, alias);
    },
  };
}

function checkModelId(modelId: string): void {
  checkText(modelId, { field: 'modelId', minimum: 1, maximum: 250 });
}

function checkNewLoggedModel({
  experimentId,
  runId,
  name,
  modelType,
  params,
  tags,
}: CreateLoggedModelOptions): void {
  checkText(experimentId, { field: 'experimentId', minimum: 1, maximum: 32 });
  checkText(runId, { field: 'runId', minimum: 1, maximum: 32 });
  checkLoggedModelName(name);
  if (modelType !== undefined) checkText(modelType, { field: 'modelType', maximum: 500 });
  checkTexts(params, { field: 'params', valueLength: limits.paramValueLength, count: limits.batchParams });
  checkTexts(tags, { field: 'tags', valueLength: limits.runTagValueLength });
}

function checkNewVersion(options: CreateModelVersionOptions): void {
  checkRegisteredModelName(options.name);
  checkText(options.runId, { field: 'runId', minimum: 1, maximum: 32 });
  checkVersionSource(options);
  checkDescribed(options);
}

function checkDescribed({ tags, description }: { tags?: unknown; description?: string }): void {
  checkTexts(tags, { field: 'tags', valueLength: limits.versionTagValueLength });
  if (description !== undefined) {
    checkText(description, { field: 'description', maximum: limits.descriptionLength });
  }
}
