import { isDeepStrictEqual } from 'node:util';
import { columnsWithRole, SlipwayError, type ColumnBatch, type DatasetRef } from '@slipway/contracts';
import {
  getDataset,
  readDataset,
  rebuildDataset,
  type DatasetOrigin,
  type ResolvedSplit,
  type Split,
  type SplitRecipe,
} from '@slipway/datasets';
import { registeredName } from '@slipway/registry-client';
import { keyColumnsOf } from './build-datasets.ts';
import { findLastDecided } from './decided-attempts.ts';
import type { DeploymentContext } from './deployment-context.ts';
import type { ModelDefinition } from './model-definition.ts';
import { runTag } from './run-tags.ts';

/** Rows that a search may learn from. */
export interface TrainingSet {
  readonly rows: ColumnBatch;
  readonly ref: DatasetRef;
  readonly watermark: number;
  readonly eventTime: string | undefined;
}

/**
 * The training set of the newest decided deployment of a model, in row-key order; built again when it was swept. The test set
 * is not touched.
 * @throws SlipwayError `not_deployable` before the first deployment, or when the configuration now takes other columns, another feature table or another
 * split, so that its test set may be among these rows;
 * `dataset_damaged`, `dataset_unrepeatable`
 */
export async function readTrainingSet(
  context: DeploymentContext,
  model: ModelDefinition,
): Promise<TrainingSet> {
  const { database, environment } = context;
  const last = await findLastDecided(context, registeredName(model.name, environment));
  const known = last?.run.tags[runTag.trainDigest];
  if (last === undefined || known === undefined) {
    throw new SlipwayError('not_deployable', {
      what: `${model.name} has no training set yet: it was never deployed in ${environment}`,
      next: `Deploy the starting configuration first: slipway deploy ${model.name}`,
    });
  }
  const { ref } = await rebuildDataset(database, known);
  const { recipe, origins } = await getDataset(database, known);
  if (!('relation' in recipe))
    throw new SlipwayError('not_deployable', { what: `${ref.table} is no training set` });
  checkOrigin(model, recipe, origins);
  checkColumns(model, ref.columns);
  const [eventTime] = columnsWithRole(recipe.relation, 'eventTime');
  const rows = await readDataset(database, ref, { orderBy: keyColumnsOf(recipe.relation) });
  return { rows, ref, watermark: last.watermark, eventTime };
}

/** Under another split the rows of the next test set may be among these. */
function checkOrigin(
  { name, featureTable, split }: ModelDefinition,
  { relation, split: built }: SplitRecipe,
  origins: readonly DatasetOrigin[],
): void {
  // The recipe is that of the first source that gave these rows.
  const isOfTable = origins.some((origin) => 'source' in origin && origin.source === featureTable);
  if (!isOfTable) throw deployFirst(name, `is of feature table "${relation.source}"`);
  if (!isSameSplit(split, built)) throw deployFirst(name, 'was split in another way');
}

/** Where a split by time takes a share, its cutoff is looked up in the rows. */
function isSameSplit(split: Split, built: ResolvedSplit): boolean {
  if (split.kind !== 'time' || built.kind !== 'time') return isDeepStrictEqual(split, built);
  const isSameCutoff = split.cutoff === undefined || Date.parse(split.cutoff) === Date.parse(built.cutoff);
  return isSameCutoff && split.gapHours === built.gapHours;
}

function checkColumns(model: ModelDefinition, columns: readonly { readonly name: string }[]): void {
  const names = columns.map(({ name }) => name);
  const missing = [...model.features, model.target].filter((name) => !names.includes(name));
  if (missing.length > 0) throw deployFirst(model.name, `lacks columns: ${missing.join(', ')}`);
}

function deployFirst(model: string, what: string): SlipwayError {
  return new SlipwayError('not_deployable', {
    what: `The configuration of ${model} has changed since its training set was built, which ${what}`,
    next: `Deploy the configuration first: slipway deploy ${model}`,
  });
}
