import { checkArtifactPath } from './check-artifact-path.ts';
import { checkContent } from './check-content.ts';
import { checkDatasetInput } from './check-dataset-input.ts';
import { checkKey } from './check-key.ts';
import { checkOneOf } from './check-one-of.ts';
import { checkRunBatch } from './check-run-batch.ts';
import { checkText } from './check-text.ts';
import { checkTexts } from './check-texts.ts';
import { checkWholeNumber } from './check-whole-number.ts';
import { registryLimits as limits } from './registry-limits.ts';
import { registryRejected } from './registry-rejected.ts';
import { finalRunStatuses, runStatuses } from './run.ts';
import type { CreateRunOptions, RunChange, RunRegistry, SearchRunsOptions } from './run-registry.ts';

/** The run half of {@link createCheckedRegistry}. */
export function checkedRunRegistry(registry: RunRegistry): RunRegistry {
  return {
    async ensureExperiment(name, options) {
      checkExperimentName(name);
      checkTexts(options?.tags, { field: 'tags', valueLength: limits.experimentTagValueLength });
      return registry.ensureExperiment(name, options);
    },
    async setExperimentTags(experimentId, tags) {
      checkText(experimentId, { field: 'experimentId', minimum: 1, maximum: 32 });
      checkTexts(tags, { field: 'tags', valueLength: limits.experimentTagValueLength });
      return registry.setExperimentTags(experimentId, tags);
    },
    async findExperiment(name) {
      checkExperimentName(name);
      return registry.findExperiment(name);
    },
    async createRun(options) {
      checkNewRun(options);
      return registry.createRun(options);
    },
    async getRun(runId) {
      checkRunId(runId);
      return registry.getRun(runId);
    },
    async updateRun(runId, change) {
      checkRunId(runId);
      checkChange(change);
      return registry.updateRun(runId, change);
    },
    async finishRun(runId, end) {
      checkRunId(runId);
      checkOneOf(end.status, 'status', finalRunStatuses);
      checkWholeNumber(end.endTime, 'endTime', { minimum: 0 });
      return registry.finishRun(runId, end);
    },
    async searchRuns(options) {
      checkSearch(options);
      return registry.searchRuns(options);
    },
    async logBatch(runId, batch) {
      checkRunId(runId);
      checkRunBatch(batch);
      return registry.logBatch(runId, batch);
    },
    async logInputs(runId, inputs) {
      checkRunId(runId);
      inputs.forEach(checkDatasetInput);
      return registry.logInputs(runId, inputs);
    },
    async getMetricHistory(runId, key) {
      checkRunId(runId);
      checkKey(key, 'key');
      return registry.getMetricHistory(runId, key);
    },
    async logArtifact(runId, path, content) {
      checkRunId(runId);
      checkArtifactPath(path);
      checkContent(content);
      return registry.logArtifact(runId, path, content);
    },
    async readArtifact(runId, path) {
      checkRunId(runId);
      checkArtifactPath(path);
      return registry.readArtifact(runId, path);
    },
    async listArtifacts(runId, prefix) {
      checkRunId(runId);
      if (prefix !== undefined) checkArtifactPath(prefix, 'prefix');
      return registry.listArtifacts(runId, prefix);
    },
  };
}

function checkExperimentName(name: string): void {
  checkText(name, { field: 'name', minimum: 1, maximum: limits.experimentNameLength });
}

function checkRunId(runId: string): void {
  checkText(runId, { field: 'runId', minimum: 1, maximum: 32 });
}

function checkNewRun({ experimentId, runName, startTime, tags }: CreateRunOptions): void {
  checkText(experimentId, { field: 'experimentId', minimum: 1, maximum: 32 });
  checkText(runName, { field: 'runName', minimum: 1, maximum: limits.runNameLength });
  checkWholeNumber(startTime, 'startTime', { minimum: 0 });
  checkTexts(tags, { field: 'tags', valueLength: limits.runTagValueLength });
  const tagged = tags?.['mlflow.runName'];
  if (tagged === undefined || tagged === runName) return;
  const what = 'runName and the tag mlflow.runName differ';
  throw registryRejected({ field: 'runName', reason: 'conflict', what });
}

function checkChange({ status, runName, endTime }: RunChange): void {
  if (status !== undefined) checkOneOf(status, 'status', runStatuses);
  if (runName !== undefined)
    checkText(runName, { field: 'runName', minimum: 1, maximum: limits.runNameLength });
  if (endTime !== undefined) checkWholeNumber(endTime, 'endTime', { minimum: 0 });
}

function checkSearch({ experimentId, tags, status, maxResults = 1_000 }: SearchRunsOptions): void {
  checkText(experimentId, { field: 'experimentId', minimum: 1, maximum: 32 });
  checkTexts(tags, { field: 'tags', valueLength: limits.runTagValueLength });
  if (status !== undefined) checkOneOf(status, 'status', runStatuses);
  checkWholeNumber(maxResults, 'maxResults', { minimum: 1, maximum: limits.searchResults });
}
