import type { ColumnType } from '@slipway/contracts';
import { postgresTypes } from './postgres-types.ts';

/** SQL of the parameter `$place` as a value of a column type. A time is given as microseconds since 1970-01-01 UTC. */
export function typedParameter(place: number, type: ColumnType): string {
  if (type === 'datetime') return `(timestamptz 'epoch' + $${place}::bigint * interval '1 microsecond')`;
  return `$${place}::${postgresTypes[type]}`;
}
