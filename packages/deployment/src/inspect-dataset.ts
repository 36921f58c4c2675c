import { columnsWithRole } from '@slipway/contracts';
import { quoteIdentifier, quoteTable } from '@slipway/database';
import {
  checkColumns,
  getDataset,
  planSweep,
  type CataloguedDataset,
  type SweepDecision,
} from '@slipway/datasets';
import { findLoad, type FeatureLoad } from '@slipway/features';
import type { ModelVersion } from '@slipway/registry-client';
import { defaultRetention } from './clean-up.ts';
import { findDatasetRoots } from './dataset-roots.ts';
import type { DeploymentContext } from './deployment-context.ts';

/** A run that used a dataset, with the version that came of it. */
export interface DatasetUser {
  readonly runId: string;
  readonly model: string;
  readonly context: string;
  /** Null when no version was registered from the run. */
  readonly version: string | null;
  readonly aliases: readonly string[];
}

/** Everything that is known of a dataset, from both ends: its source, and who used it. */
export interface InspectedDataset {
  readonly dataset: CataloguedDataset;
  /** First and last event time of its rows; null without one, or when its table is gone. */
  readonly window: { readonly from: Date; readonly to: Date } | null;
  /** The loads its source was read at; empty for a source that keeps no history. */
  readonly loads: readonly FeatureLoad[];
  readonly usedBy: readonly DatasetUser[];
  /** What "slipway clean" would do with it, and why; null when it is swept. */
  readonly decision: SweepDecision | null;
}

/**
 * Finds a dataset by table name, digest or its beginning, with its users in the registry and what a sweep would decide.
 * @throws SlipwayError `dataset_not_found`, `invalid_argument`; `dataset_damaged` when somebody changed its columns by hand
 */
export async function inspectDataset(context: DeploymentContext, name: string): Promise<InspectedDataset> {
  const { database, registry, now } = context;
  const dataset = await getDataset(database, name);
  const options = { ...defaultRetention, now: now() };
  const needed = await findDatasetRoots(registry, [dataset], options);
  return {
    dataset,
    window: await findWindow(context, dataset),
    loads: await findLoads(context, dataset),
    usedBy: await findUsers(context, dataset),
    decision: planSweep([dataset], { needed, ...options })[0] ?? null,
  };
}

async function findWindow(
  { database }: DeploymentContext,
  { ref, recipe, bytes }: CataloguedDataset,
): Promise<InspectedDataset['window']> {
  const [eventTime] = 'relation' in recipe ? columnsWithRole(recipe.relation, 'eventTime') : [];
  if (eventTime === undefined || bytes === null) return null;
  await checkColumns(database, ref);
  const column = quoteIdentifier(eventTime);
  const [row] = await database.query<{ from: Date; to: Date }>(
    `SELECT min(${column}) AS "from", max(${column}) AS "to" FROM ${quoteTable(ref)}`,
  );
  return row ?? null;
}

async function findLoads(
  { database }: DeploymentContext,
  { recipe }: CataloguedDataset,
): Promise<FeatureLoad[]> {
  const watermark = 'relation' in recipe ? Object.entries(recipe.relation.watermark) : [];
  const loads: FeatureLoad[] = [];
  for (const [table, load] of watermark) {
    const found = await findLoad(database, { table, load });
    if (found !== undefined) loads.push(found);
  }
  return loads;
}

async function findUsers(
  { registry }: DeploymentContext,
  { uses }: CataloguedDataset,
): Promise<readonly DatasetUser[]> {
  const models = [...new Set(uses.map(({ model }) => model))];
  const versions = new Map<string, ModelVersion>();
  for (const model of models) {
    for (const version of await registry.listModelVersions(model))
      if (version.runId !== null) versions.set(version.runId, version);
  }
  return uses.map(({ runId, model, context }) => {
    const found = versions.get(runId);
    return { runId, model, context, version: found?.version ?? null, aliases: found?.aliases ?? [] };
  });
}
