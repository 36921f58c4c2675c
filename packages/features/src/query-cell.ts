import type { ColumnType } from '@slipway/contracts';
import { unsafeTime } from '@slipway/database';

/** Postgres types whose values become values of a column type, each with the SQL that does it. */
const conversions: Readonly<Record<ColumnType, Readonly<Record<string, string>>>> = {
  double: {
    'double precision': '::float8',
    real: '::float8',
    numeric: '::float8',
    smallint: '::float8',
    integer: '::float8',
    bigint: '::float8',
  },
  long: { smallint: '::bigint', integer: '::bigint', bigint: '' },
  boolean: { boolean: '' },
  string: { text: '', 'character varying': '::text', character: '::text', name: '::text', uuid: '::text' },
  // Without a zone a time is UTC here, whatever the zone of the session.
  datetime: {
    'timestamp with time zone': '',
    'timestamp without time zone': " AT TIME ZONE 'UTC'",
    date: "::timestamp AT TIME ZONE 'UTC'",
  },
};

/** Half a step beyond the largest double, and half the smallest one: between them a decimal has a nearest double above 0. */
const largestDecimal = '1.797693134862315807e308';
const smallestDecimal = '2.4703282292062328e-324';

export interface QueryCell {
  /** SQL of the value; undefined when the Postgres type does not fit. */
  readonly value: string | undefined;
  /** SQL that is true for a value which the column type cannot hold. */
  readonly isUnread: string;
}

/** How a cell of a query is read as a value of a column type. */
export function readCell(cell: string, type: ColumnType, postgresType: string): QueryCell {
  const conversion = conversions[type][postgresType];
  if (conversion === undefined) return { value: undefined, isUnread: 'false' };
  const isDecimal = type === 'double' && postgresType === 'numeric';
  // Postgres refuses to round a decimal to 0.
  const given = isDecimal ? `(CASE WHEN abs(${cell}) < ${smallestDecimal} THEN 0 ELSE ${cell} END)` : cell;
  const value = `(${given}${conversion})`;
  const isOutside = type === 'double' ? outsideDouble(cell, value, postgresType) : outside(value, type);
  return { value, isUnread: `coalesce(${isOutside}, false)` };
}

function outsideDouble(cell: string, value: string, postgresType: string): string {
  // A decimal too large for a double must not be converted at all.
  if (postgresType === 'numeric') return `(${cell} NOT BETWEEN -${largestDecimal} AND ${largestDecimal})`;
  // 2^63 as a double is no bigint any more.
  if (postgresType === 'bigint')
    return `CASE WHEN ${value} < 9223372036854775808 THEN ${value}::bigint <> ${cell} ELSE true END`;
  // NaN is beyond infinity for Postgres.
  return `(${value} IN ('NaN', 'Infinity', '-Infinity'))`;
}

function outside(value: string, type: ColumnType): string {
  if (type === 'long')
    return `(${value} NOT BETWEEN ${-Number.MAX_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER})`;
  if (type === 'datetime') return unsafeTime(value);
  return 'false';
}
