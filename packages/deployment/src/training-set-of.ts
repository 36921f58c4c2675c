import { isDeepStrictEqual } from 'node:util';
import {
  columnsWithRole,
  SlipwayError,
  type ColumnBatch,
  type DatasetRef,
  type Relation,
} from '@slipway/contracts';
import {
  getDataset,
  readDatabaseId,
  readDataset,
  rebuildDataset,
  type CataloguedDataset,
  type ResolvedSplit,
  type Split,
} from '@slipway/datasets';
import { registeredName } from '@slipway/registry-client';
import { keyColumnsOf } from './build-datasets.ts';
import { findDecided } from './decided-attempts.ts';
import type { DeploymentContext } from './deployment-context.ts';
import type { ModelDefinition } from './model-definition.ts';
import { isOfDatabase, refuseOtherDatabase } from './refuse-other-database.ts';
import { runTag } from './run-tags.ts';

/** Rows that a search may learn from. */
export interface TrainingSet {
  readonly rows: ColumnBatch;
  readonly ref: DatasetRef;
  readonly watermark: number;
  readonly eventTime: string | undefined;
}

/**
 * The training set of the newest decided deployment that fits a configuration, in row-key order; built again when it was swept.
 * A deployment of other rows, such as one that the gate rejected, does not stand in its way. The test set is not touched.
 * @throws SlipwayError `not_deployable` before the first deployment, or when none took these columns, this feature table and
 * this split: its test set may be among the rows; `dataset_damaged`, `dataset_unrepeatable`
 */
export async function readTrainingSet(
  context: DeploymentContext,
  model: ModelDefinition,
): Promise<TrainingSet> {
  const { database } = context;
  const { digest, relation, watermark } = await findFitting(context, model);
  const { ref } = await rebuildDataset(database, digest);
  const [eventTime] = columnsWithRole(relation, 'eventTime');
  const rows = await readDataset(database, ref, { orderBy: keyColumnsOf(relation) });
  return { rows, ref, watermark, eventTime };
}

interface FittingSet {
  readonly digest: string;
  readonly relation: Relation;
  readonly watermark: number;
}

async function findFitting(context: DeploymentContext, model: ModelDefinition): Promise<FittingSet> {
  const name = registeredName(model.name, context.environment);
  const databaseId = await readDatabaseId(context.database);
  let newestMisfit: string | undefined;
  for await (const { run, watermark } of findDecided(context, name)) {
    const digest = run.tags[runTag.trainDigest];
    if (digest === undefined) continue;
    // Of earlier ones, those of another database are none of ours.
    if (newestMisfit === undefined) await refuseOtherDatabase(context, { run, name });
    else if (!isOfDatabase(run, databaseId)) continue;
    const dataset = await getDataset(context.database, digest);
    const misfit = describeMisfit(model, dataset);
    if (misfit === undefined && 'relation' in dataset.recipe)
      return { digest, relation: dataset.recipe.relation, watermark };
    newestMisfit ??= misfit;
  }
  throw newestMisfit === undefined ? neverDeployed(model, context) : deployFirst(model, newestMisfit);
}

/** How a training set is another than the configuration asks for; undefined when it is not. */
function describeMisfit(
  { featureTable, split, features, target }: ModelDefinition,
  { recipe, origins, ref }: CataloguedDataset,
): string | undefined {
  if (!('relation' in recipe)) return `is no training set but ${ref.table}`;
  // The recipe is that of the first source that gave these rows.
  const isOfTable = origins.some((origin) => 'source' in origin && origin.source === featureTable);
  if (!isOfTable) return `is of feature table "${recipe.relation.source}"`;
  // Under another split the rows of the next test set may be among these.
  if (!isSameSplit(split, recipe.split)) return 'was split in another way';
  const names = ref.columns.map(({ name }) => name);
  const missing = [...features, target].filter((name) => !names.includes(name));
  return missing.length > 0 ? `lacks columns: ${missing.join(', ')}` : undefined;
}

/** Where a split by time takes a share, its cutoff is looked up in the rows. */
function isSameSplit(split: Split, built: ResolvedSplit): boolean {
  if (split.kind !== 'time' || built.kind !== 'time') return isDeepStrictEqual(split, built);
  const isSameCutoff = split.cutoff === undefined || Date.parse(split.cutoff) === Date.parse(built.cutoff);
  return isSameCutoff && split.gapHours === built.gapHours;
}

function neverDeployed({ name }: ModelDefinition, { environment }: DeploymentContext): SlipwayError {
  return new SlipwayError('not_deployable', {
    what: `${name} has no training set yet: it was never deployed in ${environment}`,
    next: `Deploy the starting configuration first: slipway deploy ${name}`,
  });
}

function deployFirst({ name }: ModelDefinition, misfit: string): SlipwayError {
  return new SlipwayError('not_deployable', {
    what: `The configuration of ${name} has changed since its training set was built, which ${misfit}`,
    next: `Deploy the configuration first: slipway deploy ${name}`,
  });
}
