import type { Relation } from '@slipway/contracts';
import type { Queryable } from '@slipway/database';
import type { EventTimeRange } from './count-window.ts';
import { eventTimeOf, fromRelation, microsecondsSql } from './live-relation.ts';

/** A stretch of event time that gets a verdict of its own. */
export interface Window extends EventTimeRange {
  /** Its boundaries stand for ever. */
  readonly isClosed: boolean;
}

/**
 * Windows that cover all rows of a relation without gap or overlap, oldest first, about `rows` each in event-time order;
 * rows of one time stay together. Windows closed earlier keep their boundaries, so that a row that comes late is counted
 * where it belongs and moves no other window; rows older than all of them get windows of their own. A window is closed
 * when the next one has begun and that beginning lies in the past: a row dated in the future by mistake closes nothing.
 * @param closed windows that were closed earlier, oldest first, each beginning where the one before it ends
 * @param now microseconds since 1970-01-01 UTC
 */
export async function cutWindows(
  queryable: Queryable,
  relation: Relation,
  {
    rows,
    closed,
    now,
  }: { readonly rows: number; readonly closed: readonly EventTimeRange[]; readonly now: number },
): Promise<Window[]> {
  const [first, last] = [closed[0], closed.at(-1)];
  if (first === undefined || last === undefined) {
    return toWindows(await windowStarts(queryable, relation, rows, {}), null, now);
  }
  const end = last.to ?? undefined;
  const before = await windowStarts(queryable, relation, rows, { to: first.from });
  const [oldest, ...later] = await windowStarts(queryable, relation, rows, { from: end });
  const after = oldest === undefined ? [] : [end ?? oldest, ...later];
  return [
    ...toWindows(before, first.from, now),
    ...closed.map(({ from, to }) => ({ from, to, isClosed: true })),
    ...toWindows(after, null, now),
  ];
}

/** Event time of the first row of each window, of the rows within [from, to). */
async function windowStarts(
  queryable: Queryable,
  relation: Relation,
  rows: number,
  { from, to }: { readonly from?: number; readonly to?: number },
): Promise<number[]> {
  const within = [
    'at IS NOT NULL',
    ...(from === undefined ? [] : [`at >= ${from}`]),
    ...(to === undefined ? [] : [`at < ${to}`]),
  ];
  const starts = await queryable.query<{ start: string }>(
    `SELECT min(at) AS start FROM (
       SELECT at, (rank() OVER (ORDER BY at) - 1) / ${rows} AS number
       FROM (SELECT ${microsecondsSql(eventTimeOf(relation))} AS at FROM ${fromRelation(relation)}) AS times
       WHERE ${within.join(' AND ')}) AS numbered
     GROUP BY number ORDER BY number`,
    relation.parameters,
  );
  return starts.map(({ start }) => Number(start));
}

function toWindows(starts: readonly number[], end: number | null, now: number): Window[] {
  return starts.map((from, index) => {
    const to = starts[index + 1] ?? end;
    return { from, to, isClosed: to !== null && to <= now };
  });
}
