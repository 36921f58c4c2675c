import { columnsWithRole, SlipwayError, type ColumnBatch } from '@slipway/contracts';
import { getDataset, readDataset, rebuildDataset } from '@slipway/datasets';
import { registeredName } from '@slipway/registry-client';
import { findLastDecided } from './decided-attempts.ts';
import type { DeploymentContext } from './deployment-context.ts';
import type { ModelDefinition } from './model-definition.ts';
import { runTag } from './run-tags.ts';

/** Rows that a search may learn from. */
export interface TrainingSet {
  readonly rows: ColumnBatch;
  readonly digest: string;
  readonly watermark: number;
  readonly eventTime: string | undefined;
}

/**
 * The training set of the newest decided deployment of a model, in row-key order; built again when it was swept. The test set
 * is not touched.
 * @throws SlipwayError `not_deployable` before the first deployment, or when the configuration takes other columns now;
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
  const { recipe } = await getDataset(database, known);
  if (!('relation' in recipe))
    throw new SlipwayError('not_deployable', { what: `${ref.table} is no training set` });
  checkColumns(model, ref.columns);
  const [eventTime] = columnsWithRole(recipe.relation, 'eventTime');
  const orderBy = [...columnsWithRole(recipe.relation, 'entityKey'), ...(eventTime ? [eventTime] : [])];
  const rows = await readDataset(database, ref, { orderBy });
  return { rows, digest: ref.digest, watermark: last.watermark, eventTime };
}

function checkColumns(model: ModelDefinition, columns: readonly { readonly name: string }[]): void {
  const names = columns.map(({ name }) => name);
  const missing = [...model.features, model.target].filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  throw new SlipwayError('not_deployable', {
    what: `The training set of the last deployment of ${model.name} lacks columns that the configuration takes: ${missing.join(', ')}`,
    next: `Deploy the configuration first: slipway deploy ${model.name}`,
  });
}
