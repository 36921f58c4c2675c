import { SlipwayError, type DatasetRef } from '@slipway/contracts';
import { findDataset } from '@slipway/datasets';
import { readArtifact, type FittedModel } from '@slipway/models';
import { readModelFiles, type ModelVersion, type Registry, type Run } from '@slipway/registry-client';
import type { Attempt } from './attempt.ts';
import { readWatermark, unlessUnreadable } from './read-run-tag.ts';
import { runOfVersion } from './run-of-version.ts';
import { runTag } from './run-tags.ts';

/** What serves now: the version behind `production`, with its model and the table it was trained on. */
export interface Champion {
  readonly version: ModelVersion;
  readonly run: Run;
  /** Undefined when its artifact is damaged or of a format this program does not know. */
  readonly fitted: FittedModel | undefined;
  /** Its tables; undefined when they were swept. */
  readonly train: DatasetRef | undefined;
  readonly test: DatasetRef | undefined;
  /** Load its data was read at; undefined when its run does not say. */
  readonly watermark: number | undefined;
}

/** The champion of the attempt's model, or undefined before the first deployment. */
export async function findChampion({ context, name }: Attempt): Promise<Champion | undefined> {
  const { registry, database } = context;
  const version = await registry.findVersionByAlias(name, 'production');
  if (version === undefined) return undefined;
  const run = await runOfVersion(registry, version);
  return {
    version,
    run,
    fitted: await readRegisteredModel(registry, version).catch(ignoreUnreadable),
    train: await findDataset(database, run.tags[runTag.trainDigest] ?? ''),
    test: await findDataset(database, run.tags[runTag.testDigest] ?? ''),
    watermark: unlessUnreadable(() => readWatermark(run)),
  };
}

/** A champion that cannot be read must not lock the pipeline: that there is no comparison is a verdict. */
function ignoreUnreadable(error: unknown): undefined {
  const isUnreadable =
    SlipwayError.isInstance(error) && ['artifact_invalid', 'format_unsupported'].includes(error.code);
  if (!isUnreadable) throw error;
}

/** Reads and verifies the model of a version. @throws SlipwayError `artifact_invalid` */
export async function readRegisteredModel(registry: Registry, version: ModelVersion): Promise<FittedModel> {
  const { files, digest } = await readModelFiles(registry, version);
  return readArtifact(files, { digest });
}
