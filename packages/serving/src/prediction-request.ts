import {
  batchFromRows,
  SlipwayError,
  type CellValue,
  type ColumnBatch,
  type ModelSignature,
} from '@slipway/contracts';

/** Rows of a request with what travels along and is logged. */
export interface PredictionRequest {
  readonly batch: ColumnBatch;
  /** Per row: entity key columns, or null. */
  readonly entityKeys: readonly (Readonly<Record<string, string | number | boolean>> | null)[];
  /** Per row: microseconds since 1970-01-01 UTC, or null. */
  readonly eventTimes: readonly (number | null)[];
}

/** A refusal that names what is wrong, by column and row where there is one; never the value. */
export function requestInvalid(
  what: string,
  facts: { expected?: string; details?: Record<string, unknown> } = {},
): SlipwayError {
  return new SlipwayError('request_invalid', { what, ...facts });
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
        type === 'datetime' ? parseTime(cells[name], name, row) : checkScalar(cells[name], name, row),
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

/** Microseconds of an ISO 8601 text. @throws SlipwayError `request_invalid` */
export function parseTime(value: unknown, column: string, row: number): number | null {
  if (value === undefined || value === null) return null;
  const time = typeof value === 'string' ? Date.parse(value) : NaN;
  if (!Number.isNaN(time)) return time * 1000;
  throw requestInvalid(`Column "${column}", row ${row}: the value is no time`, {
    expected: 'an ISO 8601 text such as 2026-01-31T12:00:00Z',
    details: { column, row },
  });
}

/** `params.entity_key` and `params.event_time`: lists with one entry per row. @throws SlipwayError `request_invalid` */
export function travellers(
  params: Readonly<Record<string, unknown>>,
  rowCount: number,
): Pick<PredictionRequest, 'entityKeys' | 'eventTimes'> {
  const listOf = (name: string): readonly unknown[] => {
    const list = params[name];
    if (list === undefined || list === null) return new Array<null>(rowCount).fill(null);
    if (Array.isArray(list) && list.length === rowCount) return list;
    throw requestInvalid(`"${name}" does not fit the rows`, { expected: `a list of ${rowCount} entries` });
  };
  return {
    entityKeys: listOf('entity_key').map((key, row) => checkEntityKey(key, row)),
    eventTimes: listOf('event_time').map((time, row) => parseTime(time, 'event_time', row)),
  };
}

function checkEntityKey(key: unknown, row: number): Record<string, string | number | boolean> | null {
  if (key === null || key === undefined) return null;
  const isSound =
    typeof key === 'object' &&
    !Array.isArray(key) &&
    Object.values(key).every((value) => ['string', 'number', 'boolean'].includes(typeof value));
  if (isSound) return key as Record<string, string | number | boolean>;
  throw requestInvalid(`"entity_key", row ${row}: not an entity key`, {
    expected: 'an object of texts, numbers or booleans, such as {"store": 12}',
    details: { column: 'entity_key', row },
  });
}
