import type { Column, ColumnBatch } from '@slipway/contracts';
import { checkStorable } from './check-storable.ts';
import { postgresEpoch } from './postgres-types.ts';

const chunkSize = 1 << 20;
const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const trailer = Buffer.from([0xff, 0xff]);

/**
 * A batch in Postgres' binary COPY format, in chunks of about 1 MiB.
 * Format: https://www.postgresql.org/docs/current/sql-copy.html, section "Binary Format".
 * @throws SlipwayError `value_unsupported` before the first chunk when a value would be changed, naming column and row
 */
export function encodeBatch(batch: ColumnBatch): Iterable<Uint8Array> {
  checkStorable(batch);
  return encodeRows(batch);
}

function* encodeRows({ rowCount, columns }: ColumnBatch): Generator<Uint8Array> {
  yield header;
  let buffer = Buffer.allocUnsafe(chunkSize);
  let used = 0;
  for (let row = 0; row < rowCount; row += 1) {
    const size = rowSize(columns, row);
    if (used + size > buffer.length) {
      yield buffer.subarray(0, used);
      buffer = Buffer.allocUnsafe(Math.max(chunkSize, size));
      used = 0;
    }
    used = writeRow(buffer, used, columns, row);
  }
  yield buffer.subarray(0, used);
  yield trailer;
}

/** An upper bound of the bytes of a row: UTF-8 needs at most three bytes per UTF-16 unit. */
function rowSize(columns: readonly Column[], row: number): number {
  let size = 2;
  for (const column of columns)
    size += column.type === 'string' ? 4 + 3 * (column.values[row]?.length ?? 0) : 12;
  return size;
}

function writeRow(buffer: Buffer, start: number, columns: readonly Column[], row: number): number {
  let at = buffer.writeInt16BE(columns.length, start);
  for (const column of columns) {
    if (column.type === 'string') {
      const text = column.values[row] ?? null;
      if (text === null) at = buffer.writeInt32BE(-1, at);
      else {
        const length = buffer.write(text, at + 4, 'utf8');
        buffer.writeInt32BE(length, at);
        at += 4 + length;
      }
      continue;
    }
    const value = column.values[row] ?? NaN;
    if (Number.isNaN(value)) at = buffer.writeInt32BE(-1, at);
    else if (column.type === 'boolean')
      at = buffer.writeUInt8(value === 0 ? 0 : 1, buffer.writeInt32BE(1, at));
    else if (column.type === 'double') at = buffer.writeDoubleBE(value, buffer.writeInt32BE(8, at));
    else {
      const epoch = column.type === 'datetime' ? postgresEpoch : 0;
      at = writeLong(buffer, buffer.writeInt32BE(8, at), value, epoch);
    }
  }
  return at;
}

/**
 * A safe integer less another as int64: two 32-bit halves are several times faster than a BigInt. Each half is
 * subtracted alone, because the difference may lie beyond 2^53.
 */
function writeLong(buffer: Buffer, at: number, value: number, less: number): number {
  const [high, lessHigh] = [Math.floor(value / 2 ** 32), Math.floor(less / 2 ** 32)];
  const low = value - high * 2 ** 32 - (less - lessHigh * 2 ** 32);
  const borrow = low < 0 ? 1 : 0;
  buffer.writeInt32BE(high - lessHigh - borrow, at);
  return buffer.writeUInt32BE(low + borrow * 2 ** 32, at + 4);
}
