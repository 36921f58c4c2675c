import { SlipwayError, type DatasetRef } from '@slipway/contracts';
import { findDataset } from '@slipway/datasets';
import { readArtifact, type FittedModel } from '@slipway/models';
import { readModelFiles, type ModelVersion, type Registry, type Run } from '@slipway/registry-client';
import type { Attempt } from './attempt.ts';
import { readWatermark, unlessUnreadable } from './read-run-tag.ts';
import { describeGap, findRunOfVersion } from './run-of-version.ts';
import { runTag } from './run-tags.ts';

/** What serves now: the version behind `production`, with its model and the table it was trained on. */
export interface Champion {
  readonly version: ModelVersion;
  /** Undefined when it was deleted, or when somebody registered the version without one. */
  readonly run: Run | undefined;
  /** Why nothing is known about its training, as the end of a sentence; undefined when all is. */
  readonly gap: string | undefined;
  /** Undefined when its artifact is damaged, of a format this program does not know, or not of a deployment. */
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
  const run = await findRunOfVersion(registry, version);
  const gap = describeGap(version, run);
  if (run === undefined || gap !== undefined) return { version, run, gap, ...unknownTraining };
  return {
    version,
    run,
    gap,
    fitted: await readRegisteredModel(registry, version).catch(ignoreUnreadable),
    train: await findDataset(database, run.tags[runTag.trainDigest] ?? ''),
    test: await findDataset(database, run.tags[runTag.testDigest] ?? ''),
    watermark: unlessUnreadable(() => readWatermark(run)),
  };
}

const unknownTraining = { fitted: undefined, train: undefined, test: undefined, watermark: undefined };

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
