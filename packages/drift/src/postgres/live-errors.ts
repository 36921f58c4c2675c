import type { Relation } from '@slipway/contracts';
import type { Queryable } from '@slipway/database';
import type { EventTimeRange } from './count-window.ts';
import { attributeOf, eventTimeOf, fromRelation, microsecondsSql } from './live-relation.ts';

/** Error over the rows of a window whose label has arrived. */
export interface LiveError {
  readonly labelled: number;
  /** Root mean squared error, in the unit of the target; null without labels. Squared and times `labelled`, it adds up. */
  readonly liveRmse: number | null;
}

/**
 * Live error of each window, in one statement.
 * @param labelled rows with an event time and the attributes `prediction` and `label`
 */
export async function liveErrors(
  queryable: Queryable,
  labelled: Relation,
  windows: readonly EventTimeRange[],
): Promise<LiveError[]> {
  const time = microsecondsSql(eventTimeOf(labelled));
  const error = `${attributeOf(labelled, 'prediction')} - ${attributeOf(labelled, 'label')}`;
  const list = (ends: readonly (number | null)[]): string =>
    `ARRAY[${ends.map(String).join(', ')}]::bigint[]`;
  const froms = list(windows.map(({ from }) => from));
  const tos = list(windows.map(({ to }) => to));
  const rows = await queryable.query<{ place: string; labelled: string; rmse: number }>(
    `SELECT place, count(*) AS labelled, sqrt(avg(error ^ 2)) AS rmse
     FROM (SELECT ${time} AS at, ${error} AS error FROM ${fromRelation(labelled)}) AS errors
     JOIN unnest(${froms}, ${tos}) WITH ORDINALITY AS window_of("from", "to", place)
       ON at >= "from" AND ("to" IS NULL OR at < "to")
     GROUP BY place`,
    labelled.parameters,
  );
  return windows.map((_, index) => {
    const row = rows.find(({ place }) => Number(place) === index + 1);
    return { labelled: Number(row?.labelled ?? 0), liveRmse: row?.rmse ?? null };
  });
}

/** The error over windows together. */
export function poolErrors(errors: readonly LiveError[]): LiveError {
  const labelled = errors.reduce((sum, error) => sum + error.labelled, 0);
  const squares = errors.reduce((sum, error) => sum + error.labelled * (error.liveRmse ?? 0) ** 2, 0);
  return { labelled, liveRmse: labelled === 0 ? null : Math.sqrt(squares / labelled) };
}
