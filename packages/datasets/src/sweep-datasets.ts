import { SlipwayError, type Digest } from '@slipway/contracts';
import { quoteTable, type Database } from '@slipway/database';
import type { CataloguedDataset } from './list-datasets.ts';
import { tableIsThere } from './table-is-there.ts';

/** What happens to one dataset in a sweep, and why. */
export interface SweepDecision {
  readonly dataset: CataloguedDataset;
  readonly action: 'keep' | 'drop';
  /** In words, for people: "alias production of bike-demand, version 3". */
  readonly reason: string;
}

export interface SweepOptions {
  /** Why a dataset is needed, by digest: the roots of the mark. */
  readonly needed: ReadonlyMap<Digest, string>;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: number;
  /** Datasets that a build or run asked for within so many days stay; those that wait for their run at least an hour. */
  readonly keepDays: number;
}

/** Between a build and the link to its run lie moments; an hour is more than a run needs for it. */
const linkMs = 3_600_000;

/**
 * Decides which stored datasets nothing needs any more: those that are no root and that nobody asked for since the
 * floor, and that no run is about to take. Pure: it touches no table. Swept ones are left out.
 * @throws SlipwayError `invalid_argument` for a time or a number of days that is none
 */
export function planSweep(
  datasets: readonly CataloguedDataset[],
  { needed, now, keepDays }: SweepOptions,
): readonly SweepDecision[] {
  const floor = now - keepDays * 86_400_000;
  // Every comparison with what is no number would be false, and nothing kept; of days below 0 nothing is either.
  if (!Number.isFinite(floor) || !Number.isFinite(keepDays) || keepDays < 0)
    throw new SlipwayError('invalid_argument', {
      what: 'A sweep cannot be planned',
      expected: '"now" and "keepDays" as finite numbers, "keepDays" from 0',
      next: 'Correct them; nothing was dropped',
    });
  return datasets
    .filter(({ swept }) => swept === null)
    .map((dataset) => {
      const need = needed.get(dataset.ref.digest);
      if (need !== undefined) return { dataset, action: 'keep', reason: need };
      if (dataset.askedAt.getTime() >= floor)
        return { dataset, action: 'keep', reason: `asked for within ${keepDays} days` };
      if (isAwaitingRun(dataset) && dataset.askedAt.getTime() >= now - linkMs)
        return { dataset, action: 'keep', reason: 'built within the hour, and no run has taken it yet' };
      const reason =
        dataset.uses.length === 0 ? 'no run used it' : 'no version that is kept was made from it';
      return { dataset, action: 'drop', reason };
    });
}

/** Whether a build asked for a dataset after the last run that used it. */
function isAwaitingRun({ askedAt, uses }: CataloguedDataset): boolean {
  return uses.every(({ usedAt }) => usedAt < askedAt);
}

/**
 * Drops the tables that a plan gives up, each in its own transaction, and keeps their entries and recipes. One that
 * somebody asked for since the plan was made stays.
 * @param options.onDropped told of each: when a later one fails, these are gone all the same
 * @returns the datasets that were dropped
 */
export async function sweepDatasets(
  database: Database,
  decisions: readonly SweepDecision[],
  { who, onDropped }: { readonly who: string; readonly onDropped?: (dataset: CataloguedDataset) => void },
): Promise<readonly CataloguedDataset[]> {
  const dropped: CataloguedDataset[] = [];
  for (const { dataset, action, reason } of decisions) {
    if (action !== 'drop' || !(await dropUnasked(database, dataset, { who, reason }))) continue;
    dropped.push(dataset);
    onDropped?.(dataset);
  }
  return dropped;
}

function dropUnasked(
  database: Database,
  { ref, askedAt }: CataloguedDataset,
  { who, reason }: { readonly who: string; readonly reason: string },
): Promise<boolean> {
  return database.transaction(async (transaction) => {
    // The entry first: a build that finds this content waits here, and then builds it again.
    await transaction.execute('SELECT FROM training.dataset WHERE digest = $1 FOR UPDATE', [ref.digest]);
    const [entry] = await transaction.query<{ asked: Date | null }>(
      `SELECT greatest(asked_at, (SELECT max(used_at) FROM training.dataset_use WHERE digest = $1)) AS asked
       FROM training.dataset WHERE digest = $1 AND (swept_at IS NULL OR ${tableIsThere})`,
      [ref.digest],
    );
    if (entry?.asked?.getTime() !== askedAt.getTime()) return false;
    await transaction.execute(`DROP TABLE IF EXISTS ${quoteTable(ref)}`);
    await transaction.execute(
      'UPDATE training.dataset SET swept_at = clock_timestamp(), swept_by = $2, swept_why = $3 WHERE digest = $1',
      [ref.digest, who, reason],
    );
    return true;
  });
}
