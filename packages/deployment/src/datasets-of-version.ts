import { SlipwayError, type DatasetRef } from '@slipway/contracts';
import { registeredName } from '@slipway/registry-client';
import {
  describeChanges,
  inputsDigest,
  trainingInputsOf,
  type TrainingInputs,
} from './configuration-slices.ts';
import type { DeploymentContext } from './deployment-context.ts';
import { findVersion } from './find-version.ts';
import type { ModelDefinition } from './model-definition.ts';
import type { DeploymentPlan } from './plan-deployment.ts';
import { readWatermark } from './read-run-tag.ts';
import { describeGap, findRunOfVersion } from './run-of-version.ts';
import { runTag } from './run-tags.ts';
import { findInputs } from './training-inputs-file.ts';

/** The training and test set of a version, which a deploy must meet to the digest. */
export interface DatasetsOfVersion {
  readonly version: string;
  readonly watermark: number;
  readonly trainDigest: string;
  readonly testDigest: string;
}

/**
 * Finds what a version was trained and tested on, and checks that the configuration asks for the same rows and columns.
 * @throws SlipwayError `model_version_not_found`; `not_deployable` when nobody knows its data; `configuration_invalid`
 * naming what the configuration takes otherwise
 */
export async function findDatasetsOf(
  context: DeploymentContext,
  model: ModelDefinition,
  selector: string,
): Promise<DatasetsOfVersion> {
  const version = await findVersion(context, { model: model.name, selector });
  const run = await findRunOfVersion(context.registry, version);
  const gap = describeGap(version, run);
  if (run === undefined || gap !== undefined) {
    throw new SlipwayError('not_deployable', {
      what: `Nobody knows the data of ${registeredName(model.name, context.environment)} version ${version.version}: it ${gap ?? ''}`,
      next: 'Name a version that "slipway explain" shows the datasets of',
    });
  }
  const inputs = await findInputs(context.registry, run);
  if (inputs !== undefined) checkSameData(model, { inputs, version: version.version });
  return {
    version: version.version,
    watermark: readWatermark(run),
    trainDigest: run.tags[runTag.trainDigest] ?? '',
    testDigest: run.tags[runTag.testDigest] ?? '',
  };
}

/** What a deploy on exactly the data of an earlier version would do: pinned to its load, once for each configuration. */
export async function planOnDatasetsOf(
  { registry, environment }: DeploymentContext,
  model: ModelDefinition,
  { version, watermark }: DatasetsOfVersion,
): Promise<DeploymentPlan> {
  const name = registeredName(model.name, environment);
  const digest = inputsDigest(trainingInputsOf(model), watermark);
  const production = await registry.findVersionByAlias(name, 'production');
  const plan = {
    model: model.name,
    registeredName: name,
    watermark,
    inputsDigest: digest,
    productionVersion: production?.version ?? null,
    information: [],
  };
  const experiment = await registry.findExperiment(name);
  const runs =
    experiment === undefined
      ? []
      : await registry.searchRuns({
          experimentId: experiment.experimentId,
          tags: { [runTag.kind]: 'deployment', [runTag.inputsDigest]: digest },
          status: 'FINISHED',
        });
  const decided = runs.find(({ tags }) => tags[runTag.outcome] !== undefined);
  if (decided !== undefined) {
    const reason = `run ${decided.runId} was made from these inputs on the data of version ${version}, and was ${decided.tags[runTag.outcome] ?? ''}`;
    return { ...plan, action: 'nothing', reasons: [reason] };
  }
  return { ...plan, action: 'deploy', reasons: [`on the datasets of version ${version}, load ${watermark}`] };
}

/** @throws SlipwayError `schema_mismatch` when a build gave other content than the version's own */
export function checkDigests(
  { version, trainDigest, testDigest }: DatasetsOfVersion,
  { train, test }: { readonly train: DatasetRef; readonly test: DatasetRef },
): void {
  if (train.digest === trainDigest && test.digest === testDigest) return;
  const short = (digest: string): string => digest.slice(0, 12);
  throw new SlipwayError('schema_mismatch', {
    what: `The datasets are not those of version ${version}`,
    expected: `train ${short(trainDigest)} and test ${short(testDigest)}`,
    received: `train ${short(train.digest)} and test ${short(test.digest)}`,
    next: 'Its columns, its split or its source changed since: "slipway datasets diff" shows how',
  });
}

function checkSameData(
  model: ModelDefinition,
  { inputs, version }: { readonly inputs: TrainingInputs; readonly version: string },
): void {
  const changes = describeChanges(
    dataOf(inputs),
    JSON.parse(JSON.stringify(dataOf(trainingInputsOf(model)))),
  );
  if (changes.length === 0) return;
  throw new SlipwayError('configuration_invalid', {
    what: `The configuration of ${model.name} takes other data than version ${version}: ${changes.join('; ')}`,
    expected: 'the feature table, target, features and split of that version',
    next: 'Change them back; parameters, preprocessing and gate are free',
  });
}

/** The slices that decide which rows and columns a dataset has. */
function dataOf({ featureTable, target, features, split }: TrainingInputs): object {
  return { featureTable, target, features, split };
}
