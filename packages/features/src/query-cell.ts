import type { ColumnType } from '@slipway/contracts';

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

/** 2^53 - 1 microseconds on both sides of 1970. */
const firstTime = "'1684-07-28 00:12:25.259009+00'";
const lastTime = "'2255-06-05 23:47:34.740991+00'";

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
  const value = `(${cell}${conversion})`;
  return { value, isUnread: `coalesce(${outside(value, type)}, false)` };
}

function outside(value: string, type: ColumnType): string {
  // NaN is beyond infinity for Postgres.
  if (type === 'double') return `(${value} IN ('NaN', 'Infinity', '-Infinity'))`;
  if (type === 'long')
    return `(${value} NOT BETWEEN ${-Number.MAX_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER})`;
  if (type === 'datetime') return `(${value} NOT BETWEEN ${firstTime} AND ${lastTime})`;
  return 'false';
}
