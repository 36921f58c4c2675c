import { SlipwayError, type Relation } from '@slipway/contracts';
import { quoteIdentifier, type Queryable } from '@slipway/database';
import { eventTimeOf } from './event-time-of.ts';
import { labelledRows } from './labelled-rows.ts';
import type { ResolvedSplit, Split } from './split-schema.ts';

/**
 * Looks up the cutoff of a split by time that names a share: the event time from which on the newest `testShare` of the
 * labelled rows lie (`percentile_disc`, counted from the newest). Rows of exactly that time are all test rows.
 * @throws SlipwayError `configuration_invalid` without an event time, `dataset_empty`
 */
export async function resolveSplit(
  queryable: Queryable,
  relation: Relation,
  split: Split,
): Promise<ResolvedSplit> {
  if (split.kind !== 'time') return split;
  const { kind, gapHours, cutoff = await findCutoff(queryable, relation, split.testShare ?? 0) } = split;
  return { kind, gapHours, cutoff };
}

async function findCutoff(queryable: Queryable, relation: Relation, testShare: number): Promise<string> {
  const time = quoteIdentifier(eventTimeOf(relation));
  const [row] = await queryable.query<{ cutoff: string | null }>(
    `SELECT to_char(percentile_disc(${testShare}) WITHIN GROUP (ORDER BY ${time} DESC) AT TIME ZONE 'UTC',
       'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS cutoff FROM (${labelledRows(relation)}) AS labelled`,
  );
  const cutoff = row?.cutoff ?? null;
  if (cutoff !== null) return cutoff;
  throw new SlipwayError('dataset_empty', {
    what: `${relation.source} has no rows with a target and an event time`,
    next: 'Load data first',
  });
}
