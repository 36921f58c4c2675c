import type {
  DriftBaseline,
  DriftBaselineColumn,
  DriftState,
  DriftStateColumn,
  Relation,
} from '@slipway/contracts';
import { quoteLiteral, type Queryable } from '@slipway/database';
import { createDriftState } from '../drift-state.ts';
import { columnOf, eventTimeOf, fromRelation } from './live-relation.ts';

/** Event times [from, to), microseconds since 1970-01-01 UTC; `to` is null where the end is open. */
export interface EventTimeRange {
  readonly from: number;
  readonly to: number | null;
}

interface CellRow {
  readonly place: number;
  readonly cell: number;
  readonly rows: string;
  readonly below: string;
  readonly above: string;
}

/**
 * Counts the rows of a window over the baseline's cells, inside Postgres, in one statement: the same integers as
 * `addRows` gives for the same rows.
 * @param relation rows with an event time, an attribute `prediction` and the features
 * @throws SlipwayError `schema_mismatch` when the relation lacks a column of the baseline
 */
export async function countWindow(
  queryable: Queryable,
  relation: Relation,
  baseline: DriftBaseline,
  { from, to }: EventTimeRange,
): Promise<DriftState> {
  const time = eventTimeOf(relation);
  const until = to === null ? '' : `AND ${time} < ${timestampSql(to)}`;
  const counts = baseline.columns.map((column, place) => countSql(columnOf(relation, column), column, place));
  const rows = await queryable.query<CellRow>(
    `WITH live AS MATERIALIZED (SELECT * FROM ${fromRelation(relation)} WHERE ${time} >= ${timestampSql(from)} ${until})
     ${counts.join(' UNION ALL ')}`,
    relation.parameters,
  );
  return toState(baseline, rows);
}

/** One row per cell of a column: -1 is NULL. */
function countSql(column: string, { type, cells }: DriftBaselineColumn, place: number): string {
  if (cells.kind === 'categorical') {
    const list = `ARRAY[${cells.categories.map(quoteLiteral).join(', ')}]::text[]`;
    const cell = `CASE WHEN ${column} IS NULL THEN -1 ELSE coalesce(array_position(${list}, ${column}::text) - 1, ${cells.categories.length}) END`;
    return `SELECT ${place} AS place, ${cell} AS cell, count(*) AS rows, 0 AS below, 0 AS above FROM live GROUP BY 2`;
  }
  const value =
    type === 'datetime' ? `(extract(epoch FROM ${column}) * 1000000)::float8` : `${column}::float8`;
  const edges = `ARRAY[${cells.edges.map(quoteLiteral).join(', ')}]::float8[]`;
  const bucket = cells.edges.length === 0 ? '0' : `width_bucket(${value}, ${edges})`;
  const outside = (limit: number | null, operator: string): string =>
    limit === null ? '0' : `count(*) FILTER (WHERE ${value} ${operator} ${quoteLiteral(limit)})`;
  return (
    `SELECT ${place} AS place, CASE WHEN ${column} IS NULL THEN -1 ELSE ${bucket} END AS cell, count(*) AS rows, ` +
    `${outside(cells.minimum, '<')} AS below, ${outside(cells.maximum, '>')} AS above FROM live GROUP BY 2`
  );
}

function timestampSql(microseconds: number): string {
  return `(timestamptz 'epoch' + ${quoteLiteral(microseconds)} * interval '1 microsecond')`;
}

function toState(baseline: DriftBaseline, rows: readonly CellRow[]): DriftState {
  const empty = createDriftState(baseline);
  const columns = empty.columns.map((column, place): DriftStateColumn => {
    const mine = rows.filter((row) => row.place === place);
    const counts = [...column.counts];
    for (const { cell, rows: count } of mine) if (cell >= 0) counts[cell] = Number(count);
    const total = (pick: (row: CellRow) => string): number =>
      mine.reduce((sum, row) => sum + Number(pick(row)), 0);
    return {
      name: column.name,
      nullCount: Number(mine.find(({ cell }) => cell < 0)?.rows ?? 0),
      counts,
      belowCount: total(({ below }) => below),
      aboveCount: total(({ above }) => above),
    };
  });
  const first = rows.filter(({ place }) => place === 0);
  return { ...empty, rowCount: first.reduce((sum, { rows: count }) => sum + Number(count), 0), columns };
}
