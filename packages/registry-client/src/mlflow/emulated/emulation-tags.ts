/**
 * Before MLflow 3 there are no logged models. One is kept there in fields of its run: files in the folder `model`,
 * everything else in run tags that begin with this.
 */
export const emulationPrefix = 'slipway.logged_model.';

export const emulationTag = {
  status: `${emulationPrefix}status`,
  name: `${emulationPrefix}name`,
  modelType: `${emulationPrefix}type`,
  creationTime: `${emulationPrefix}created`,
  paramPrefix: `${emulationPrefix}param.`,
  tagPrefix: `${emulationPrefix}tag.`,
  metricPrefix: `${emulationPrefix}metric.`,
} as const;

/** Folder of the model among its run's artifacts. */
export const emulatedFolder = 'model';

export function isEmulationTag(key: string): boolean {
  return key.startsWith(emulationPrefix);
}

/** The id of the logged model that a run's tags describe, if they do. */
export function emulatedModelId(runId: string, tags: Readonly<Record<string, string>>): string | undefined {
  return tags[emulationTag.status] === undefined ? undefined : `m-${runId}`;
}

/** The run whose tags may describe this logged model. */
export function runOfEmulatedModel(modelId: string): string | undefined {
  return /^m-([0-9a-f]{32})$/.exec(modelId)?.[1];
}
