import type { SweepDecision } from '@slipway/datasets';
import { findLoadBefore, featureTableStatus, sweepLoads, type FeatureTable } from '@slipway/features';
import { findLastDecided } from './decided-attempts.ts';
import type { DeploymentContext } from './deployment-context.ts';
import { runTag } from './run-tags.ts';

/** What a sweep of one feature table keeps and drops. */
export interface FeatureTableSweep {
  readonly table: string;
  /** The earliest load that can be read afterwards. */
  readonly keepFrom: number;
  /** Superseded row versions that were, or would be, dropped. */
  readonly rows: number;
}

/**
 * Drops row versions of feature tables that no kept dataset, no pinned deployment and no state of the last days shows.
 * @throws SlipwayError `registry_unavailable`
 */
export async function sweepFeatureTables(
  context: DeploymentContext,
  {
    decisions,
    floor,
    apply,
  }: { readonly decisions: readonly SweepDecision[]; readonly floor: number; readonly apply: boolean },
): Promise<readonly FeatureTableSweep[]> {
  const needed = await findNeededLoads(context, decisions);
  const sweeps: FeatureTableSweep[] = [];
  for (const table of context.featureTables.values()) {
    const keepFrom = await chooseLoad(context, table, { needed: needed.get(table.name) ?? [], floor });
    const rows = await sweepLoads(context.database, table, { keepFrom, apply, holder: context.holder });
    sweeps.push({ table: table.name, keepFrom, rows });
  }
  return sweeps;
}

/** The load as known at the floor, or an earlier one that is needed: every state from there on can be read. */
async function chooseLoad(
  { database }: DeploymentContext,
  table: FeatureTable,
  { needed, floor }: { readonly needed: readonly number[]; readonly floor: number },
): Promise<number> {
  const { oldestLoad } = await featureTableStatus(database, table);
  const atFloor = await findLoadBefore(database, { table: table.name, before: floor });
  return Math.max(oldestLoad, Math.min(atFloor, ...needed));
}

/** Loads that kept datasets and the pinned watermark of each model are read at, by feature table. */
async function findNeededLoads(
  context: DeploymentContext,
  decisions: readonly SweepDecision[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const needed = new Map<string, number[]>();
  const need = (table: string, load: number): void =>
    void needed.set(table, [...(needed.get(table) ?? []), load]);
  const models = new Set<string>();
  for (const { dataset, action } of decisions) {
    for (const { model } of dataset.uses) models.add(model);
    if (action === 'drop' || !('relation' in dataset.recipe)) continue;
    for (const [table, load] of Object.entries(dataset.recipe.relation.watermark)) need(table, load);
  }
  for (const model of models) {
    const last = await findLastDecided(context, model);
    if (last !== undefined) need(last.run.tags[runTag.featureTable] ?? '', last.watermark);
  }
  return needed;
}
