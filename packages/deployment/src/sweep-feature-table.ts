import { SlipwayError } from '@slipway/contracts';
import type { CataloguedDataset } from '@slipway/datasets';
import { findLoadBefore, readLoads, sweepLoads, type FeatureTable } from '@slipway/features';
import { findLastDecided, type DecidedAttempt } from './decided-attempts.ts';
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
 * Drops row versions of a feature table that no kept dataset, no pinned deployment and no state of the last days shows.
 * @throws SlipwayError `lease_held`
 */
export async function sweepFeatureTable(
  context: DeploymentContext,
  table: FeatureTable,
  {
    kept,
    pinned,
    floor,
    apply,
  }: {
    /** Stored datasets that are not dropped. */
    readonly kept: readonly CataloguedDataset[];
    readonly pinned: LoadsByTable;
    readonly floor: number;
    readonly apply: boolean;
  },
): Promise<FeatureTableSweep> {
  const { name } = table;
  const needed = [
    ...(pinned.get(name) ?? []),
    ...kept.flatMap(({ recipe }) => ('relation' in recipe ? (recipe.relation.watermark[name] ?? []) : [])),
  ];
  const keepFrom = await chooseLoad(context, table, { needed, floor });
  const rows = await sweepLoads(context.database, table, { keepFrom, apply, holder: context.holder });
  return { table: name, keepFrom, rows };
}

/** The load as known at the floor, or an earlier one that is needed: every state from there on can be read. */
async function chooseLoad(
  { database }: DeploymentContext,
  table: FeatureTable,
  { needed, floor }: { readonly needed: readonly number[]; readonly floor: number },
): Promise<number> {
  const { oldest = 0 } = (await readLoads(database, table.name)) ?? {};
  const atFloor = await findLoadBefore(database, { table: table.name, before: floor });
  return Math.max(oldest, Math.min(atFloor, ...needed));
}

/** Loads that a table is needed at. */
export type LoadsByTable = ReadonlyMap<string, readonly number[]>;

/**
 * The pinned watermark of each model that ever used a dataset, swept ones included, by feature table. One that was last
 * deployed from another database pins nothing in this one.
 * @throws SlipwayError `registry_unavailable`
 */
export async function findPinnedLoads(
  context: DeploymentContext,
  datasets: readonly CataloguedDataset[],
): Promise<LoadsByTable> {
  const pinned = new Map<string, number[]>();
  for (const model of new Set(datasets.flatMap(({ uses }) => uses.map((use) => use.model)))) {
    const last = await findLastHere(context, model);
    if (last === undefined) continue;
    const table = last.run.tags[runTag.featureTable] ?? '';
    pinned.set(table, [...(pinned.get(table) ?? []), last.watermark]);
  }
  return pinned;
}

async function findLastHere(context: DeploymentContext, model: string): Promise<DecidedAttempt | undefined> {
  try {
    return await findLastDecided(context, model);
  } catch (error) {
    if (SlipwayError.isInstance(error) && error.code === 'not_deployable') return undefined;
    throw error;
  }
}
