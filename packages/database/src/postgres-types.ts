import type { ColumnType } from '@slipway/contracts';

/** The Postgres type of each column type. */
export const postgresTypes: Readonly<Record<ColumnType, string>> = {
  double: 'double precision',
  long: 'bigint',
  boolean: 'boolean',
  string: 'text',
  datetime: 'timestamptz',
};

/** 2000-01-01 UTC in microseconds since 1970-01-01: where Postgres counts timestamps from. */
export const postgresEpoch = 946_684_800_000_000;
