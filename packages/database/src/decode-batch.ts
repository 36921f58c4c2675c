import {
  createColumnBatch,
  SlipwayError,
  type Column,
  type ColumnBatch,
  type ColumnSpec,
} from '@slipway/contracts';
import { postgresEpoch } from './postgres-types.ts';

const headerSize = 19;

/** Reads Postgres' binary COPY format into typed arrays, chunk by chunk: rows may be split anywhere. */
export interface BatchDecoder {
  readonly push: (chunk: Uint8Array) => void;
  /** @throws SlipwayError `schema_mismatch` when the stream was cut */
  readonly finish: () => ColumnBatch;
}

interface Growing {
  readonly spec: ColumnSpec;
  numbers: Float64Array;
  readonly texts: (string | null)[];
}

/**
 * @param columns names and types in the order of the query
 * @throws SlipwayError `value_unsupported` for NaN, infinities and longs beyond 2^53, naming column and row
 */
export function createBatchDecoder(columns: readonly ColumnSpec[]): BatchDecoder {
  const growing = columns.map((spec): Growing => ({
    spec,
    numbers: new Float64Array(spec.type === 'string' ? 0 : 1024),
    texts: [],
  }));
  let rest: Buffer = Buffer.alloc(0);
  let [rowCount, headerRead, ended] = [0, false, false];

  const push = (chunk: Uint8Array): void => {
    const incoming = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const data = rest.length === 0 ? incoming : Buffer.concat([rest, incoming]);
    let at = 0;
    if (!headerRead) {
      if (data.length < headerSize) return void (rest = data);
      headerRead = true;
      at = headerSize;
    }
    for (;;) {
      const end = findRowEnd(data, at);
      if (end === undefined) break;
      if (data.readInt16BE(at) === -1) {
        ended = true;
        break;
      }
      readRow(data, at + 2, growing, rowCount);
      rowCount += 1;
      at = end;
    }
    // Copied, because the driver may reuse its buffer.
    rest = Buffer.from(data.subarray(at));
  };

  const finish = (): ColumnBatch => {
    if (!ended)
      throw new SlipwayError('schema_mismatch', {
        what: 'A binary COPY stream ended early',
        received: `${rowCount} rows`,
      });
    const batch = createColumnBatch(growing.map((column) => toColumn(column, rowCount)));
    return { ...batch, rowCount };
  };
  return { push, finish };
}

/** Where the row that starts here ends, or undefined when it is not all there yet. */
function findRowEnd(data: Buffer, start: number): number | undefined {
  if (start + 2 > data.length) return undefined;
  const fields = data.readInt16BE(start);
  let at = start + 2;
  for (let field = 0; field < fields; field += 1) {
    if (at + 4 > data.length) return undefined;
    const length = data.readInt32BE(at);
    at += 4 + (length < 0 ? 0 : length);
  }
  return at > data.length ? undefined : at;
}

function readRow(data: Buffer, start: number, columns: readonly Growing[], row: number): void {
  let at = start;
  for (const column of columns) {
    const length = data.readInt32BE(at);
    at += 4;
    if (column.spec.type === 'string')
      column.texts.push(length < 0 ? null : data.toString('utf8', at, at + length));
    else setNumber(column, row, length < 0 ? NaN : readNumber(data, at, length, column.spec, row));
    at += length < 0 ? 0 : length;
  }
}

function setNumber(column: Growing, row: number, value: number): void {
  if (row >= column.numbers.length) {
    const larger = new Float64Array(column.numbers.length * 2);
    larger.set(column.numbers);
    column.numbers = larger;
  }
  column.numbers[row] = value;
}

const lengths = { double: 8, long: 8, datetime: 8, boolean: 1 } as const;

function readNumber(
  data: Buffer,
  at: number,
  length: number,
  { name, type }: ColumnSpec,
  row: number,
): number {
  if (type === 'string' || length !== lengths[type]) {
    throw new SlipwayError('schema_mismatch', {
      what: `Column "${name}" of a query is not of type ${type}`,
      received: `${length} bytes`,
    });
  }
  if (type === 'boolean') return data.readUInt8(at);
  const value =
    type === 'double' ? data.readDoubleBE(at) : readLong(data, at, type === 'datetime' ? postgresEpoch : 0);
  if (type === 'double' ? Number.isFinite(value) : Number.isSafeInteger(value)) return value;
  throw new SlipwayError('value_unsupported', {
    what: `Column "${name}", row ${row}: a stored value cannot be read without loss`,
    expected: type === 'double' ? 'a finite number' : 'an integer within +-2^53',
    details: { column: name, row, type },
  });
}

/** An int64 plus a safe integer, half by half: exact whenever the sum is a safe integer, even if the int64 is none. */
function readLong(data: Buffer, at: number, plus: number): number {
  const plusHigh = Math.floor(plus / 2 ** 32);
  const low = data.readUInt32BE(at + 4) + (plus - plusHigh * 2 ** 32);
  return (data.readInt32BE(at) + plusHigh) * 2 ** 32 + low;
}

function toColumn({ spec: { name, type }, numbers, texts }: Growing, rowCount: number): Column {
  return type === 'string'
    ? { name, type, values: texts }
    : { name, type, values: numbers.slice(0, rowCount) };
}
