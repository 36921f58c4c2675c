import {
  batchFromRows,
  parseDatetime,
  SlipwayError,
  type CellValue,
  type ColumnBatch,
  type EntityKey,
  type ModelSignature,
} from '@slipway/contracts';
import { parseEntityKey } from './entity-key.ts';
import { requestInvalid } from './request-invalid.ts';

/** Rows of a request with what travels along and is logged. */
export interface PredictionRequest {
  readonly batch: ColumnBatch;
  /** Per row: entity key columns, or null. */
  readonly entityKeys: readonly (EntityKey | null)[];
  /** Per row: microseconds since 1970-01-01 UTC, or null. */
  readonly eventTimes: readonly (number | null)[];
}

/**
 * Raw rows as a batch in signature order. Datetimes are ISO 8601 texts; numbers in texts are refused.
 * @throws SlipwayError `request_invalid` naming column and row (from 0)
 */
export function batchOfRows(
  rows: readonly Readonly<Record<string, unknown>>[],
  { inputs }: ModelSignature,
): ColumnBatch {
  if (rows.length === 0) throw requestInvalid('The request has no rows', { expected: 'at least one' });
  for (const { name, nullable } of inputs) {
    const row = rows.findIndex((cells) => (cells[name] ?? null) === null);
    if (nullable || row === -1) continue;
    throw requestInvalid(`Column "${name}", row ${row}: the value is missing`, {
      details: { column: name, row },
    });
  }
  const converted = rows.map((cells, row) =>
    Object.fromEntries(
      inputs.map(({ name, type }) => [
        name,
        type === 'datetime' ? timeCell(cells[name], name, row) : checkScalar(cells[name], name, row),
      ]),
    ),
  );
  try {
    return batchFromRows(converted, inputs);
  } catch (error) {
    if (!SlipwayError.isInstance(error)) throw error;
    throw new SlipwayError('request_invalid', {
      what: error.message.replace(/\.$/, ''),
      details: error.details,
    });
  }
}

function checkScalar(value: unknown, column: string, row: number): CellValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  throw requestInvalid(
    `Column "${column}", row ${row}: the value is neither a number, a text nor a boolean`,
    {
      details: { column, row },
    },
  );
}

/** Microseconds of an ISO 8601 text, as {@link parseDatetime} reads it. @throws SlipwayError `request_invalid` */
function timeCell(value: unknown, column: string, row: number): number | null {
  if (value === undefined || value === null) return null;
  try {
    if (typeof value === 'string') return parseDatetime(value);
  } catch (error) {
    if (!SlipwayError.isInstance(error)) throw error;
  }
  throw requestInvalid(`Column "${column}", row ${row}: the value is no time`, {
    expected: 'an ISO 8601 text such as 2026-01-31T12:00:00Z, from 1684-07-28 to 2255-06-05',
    details: { column, row },
  });
}

/**
 * `params.entity_key` and `params.event_time`: lists with one entry per row, keys in the types of the signature.
 * @throws SlipwayError `request_invalid`
 */
export function travellers(
  params: Readonly<Record<string, unknown>>,
  rowCount: number,
  { entityKey }: ModelSignature,
): Pick<PredictionRequest, 'entityKeys' | 'eventTimes'> {
  const listOf = (name: string): readonly unknown[] => {
    const list = params[name];
    if (list === undefined || list === null) return new Array<null>(rowCount).fill(null);
    if (Array.isArray(list) && list.length === rowCount) return list;
    throw requestInvalid(`"${name}" does not fit the rows`, { expected: `a list of ${rowCount} entries` });
  };
  return {
    entityKeys: listOf('entity_key').map((key, row) => parseEntityKey(key, entityKey, row)),
    eventTimes: listOf('event_time').map((time, row) => timeCell(time, 'event_time', row)),
  };
}
