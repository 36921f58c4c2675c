import { SlipwayError, type DriftBaseline, type Relation } from '@slipway/contracts';

/**
 * A relation in a FROM clause, its columns renamed c0, c1, ... by place: a feature may be called like the event time or
 * the prediction. The relation's parameters keep their numbers.
 */
export function fromRelation({ sql, columns }: Relation): string {
  return `(${sql}) AS live(${columns.map((_, place) => placeName(place)).join(', ')})`;
}

/** SQL name of the event time. @throws SlipwayError `schema_mismatch` */
export function eventTimeOf(relation: Relation): string {
  return placeOf(relation, 'an event time', ({ role }) => role === 'eventTime');
}

/** SQL name of a column that is no feature, such as `prediction`. @throws SlipwayError `schema_mismatch` */
export function attributeOf(relation: Relation, wanted: string): string {
  return placeOf(relation, wanted, ({ name, role }) => name === wanted && role !== 'feature');
}

/** SQL name of the prediction or feature that a baseline column describes. @throws SlipwayError `schema_mismatch` */
export function columnOf(relation: Relation, { name, role }: DriftBaseline['columns'][number]): string {
  if (role === 'prediction') return attributeOf(relation, 'prediction');
  return placeOf(relation, name, (column) => column.name === name && column.role === 'feature');
}

/** Event time as whole microseconds since 1970-01-01 UTC. */
export function microsecondsSql(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000000)::bigint`;
}

function placeOf(
  { source, columns }: Relation,
  wanted: string,
  matches: (column: Relation['columns'][number]) => boolean,
): string {
  const place = columns.findIndex(matches);
  if (place >= 0) return placeName(place);
  throw new SlipwayError('schema_mismatch', {
    what: `The predictions in ${source} do not fit the baseline`,
    expected: `a column for ${wanted}`,
    received: columns.map(({ name, role }) => `${name} (${role})`).join(', '),
  });
}

function placeName(place: number): string {
  return `c${place}`;
}
