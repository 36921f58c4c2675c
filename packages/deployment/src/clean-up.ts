import {
  listDatasets,
  planSweep,
  sweepDatasets,
  type CataloguedDataset,
  type SweepDecision,
} from '@slipway/datasets';
import { sweepRejects } from '@slipway/features';
import { collectFailures } from './collect-failures.ts';
import { findDatasetRoots, type RetentionRules } from './dataset-roots.ts';
import type { DeploymentContext } from './deployment-context.ts';
import { findPinnedLoads, sweepFeatureTable, type FeatureTableSweep } from './sweep-feature-table.ts';

export interface CleanOptions extends Partial<RetentionRules> {
  /** @default false: says what would happen, and drops nothing */
  readonly apply?: boolean;
}

/** What a sweep keeps and drops, a decision for each stored dataset. */
export interface CleanOutcome {
  readonly applied: boolean;
  readonly datasets: readonly SweepDecision[];
  /** Tables that were dropped; empty in a dry run. One that somebody asked for meanwhile is not among them. */
  readonly dropped: readonly string[];
  /** Superseded row versions of feature tables. */
  readonly featureTables: readonly FeatureTableSweep[];
  /** Reports of refused batches whose retention is over. */
  readonly rejects: number;
  /** Disk that the dropped tables took, or would give back, in bytes. */
  readonly bytes: number;
  /** Why not all of it was done, an error for each step that failed; what stands above was done all the same. */
  readonly failures: readonly Error[];
}

/** What stays when nothing else is said: the newest three versions of a model, and everything of the last 30 days. */
export const defaultRetention: RetentionRules = { keepVersions: 3, keepDays: 30 };

/**
 * Mark and sweep of training, test and prediction tables: the registry says which versions and runs are needed, what
 * none of them was made from is dropped. Recipes stay, so that a table can be built again. Superseded row versions of
 * feature tables go when no kept dataset, no pinned deployment and no state of the last days shows them, reports of refused
 * batches when their own retention is over.
 * With `apply` a step that fails does not keep the others from theirs, and what was done is told with its error.
 * @throws SlipwayError `registry_unavailable`, `registry_auth_failed`, `invalid_argument`: nothing was dropped
 */
export async function cleanUp(
  context: DeploymentContext,
  {
    apply = false,
    keepVersions = defaultRetention.keepVersions,
    keepDays = defaultRetention.keepDays,
  }: CleanOptions = {},
): Promise<CleanOutcome> {
  const { database, registry, now, who } = context;
  const retention = { keepVersions, keepDays, now: now() };
  const datasets = await listDatasets(database);
  const needed = await findDatasetRoots(registry, datasets, retention);
  const plan = planSweep(datasets, { needed, ...retention });
  // All that only the registry knows is asked before the first table goes.
  const pinned = await findPinnedLoads(context, datasets);
  const { attempt, failures } = collectFailures({ apply });
  const dropped: CataloguedDataset[] = [];
  const onDropped = (dataset: CataloguedDataset): void => void dropped.push(dataset);
  if (apply) await attempt(() => sweepDatasets(database, plan, { who, onDropped }), []);
  const given = apply
    ? dropped
    : plan.filter(({ action }) => action === 'drop').map(({ dataset }) => dataset);
  const kept = plan
    .map(({ dataset }) => dataset)
    .filter(({ ref }) => !given.some((gone) => gone.ref.digest === ref.digest));
  const floor = retention.now - retention.keepDays * 86_400_000;
  const featureTables: FeatureTableSweep[] = [];
  for (const table of context.featureTables.values())
    await attempt(
      async () =>
        void featureTables.push(await sweepFeatureTable(context, table, { kept, pinned, floor, apply })),
      undefined,
    );
  const rejects = await attempt(() => sweepRejects(database, { now: retention.now, apply }), 0);
  return {
    applied: apply,
    datasets: plan,
    dropped: dropped.map(({ ref }) => ref.table),
    featureTables,
    rejects,
    bytes: given.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    failures,
  };
}
