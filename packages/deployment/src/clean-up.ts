import { listDatasets, planSweep, sweepDatasets, type SweepDecision } from '@slipway/datasets';
import { sweepRejects } from '@slipway/features';
import { findDatasetRoots, type RetentionRules } from './dataset-roots.ts';
import type { DeploymentContext } from './deployment-context.ts';
import { findPinnedLoads, sweepFeatureTables, type FeatureTableSweep } from './sweep-feature-tables.ts';

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
}

/** What stays when nothing else is said: the newest three versions of a model, and everything of the last 30 days. */
export const defaultRetention: RetentionRules = { keepVersions: 3, keepDays: 30 };

/**
 * Mark and sweep of training, test and prediction tables: the registry says which versions and runs are needed, what
 * none of them was made from is dropped. Recipes stay, so that a table can be built again. Superseded row versions of
 * feature tables go when no kept dataset, no pinned deployment and no state of the last days shows them, reports of refused
 * batches when their own retention is over.
 * @throws SlipwayError `registry_unavailable`, `registry_auth_failed`: nothing was dropped
 */
export async function cleanUp(
  context: DeploymentContext,
  { apply = false, ...rules }: CleanOptions = {},
): Promise<CleanOutcome> {
  const { database, registry, now, who } = context;
  const retention = { ...defaultRetention, ...rules, now: now() };
  const datasets = await listDatasets(database);
  const needed = await findDatasetRoots(registry, datasets, retention);
  const plan = planSweep(datasets, { needed, ...retention });
  // All that only the registry knows is asked before the first table goes.
  const pinned = await findPinnedLoads(context, datasets);
  const dropped = apply ? await sweepDatasets(database, plan, { who }) : [];
  const floor = retention.now - retention.keepDays * 86_400_000;
  const given = apply
    ? dropped
    : plan.filter(({ action }) => action === 'drop').map(({ dataset }) => dataset);
  const kept = plan
    .map(({ dataset }) => dataset)
    .filter(({ ref }) => !given.some((gone) => gone.ref.digest === ref.digest));
  const featureTables = await sweepFeatureTables(context, { kept, pinned, floor, apply });
  const rejects = await sweepRejects(database, { now: retention.now, apply });
  return {
    applied: apply,
    datasets: plan,
    dropped: dropped.map(({ ref }) => ref.table),
    featureTables,
    rejects,
    bytes: given.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
  };
}
