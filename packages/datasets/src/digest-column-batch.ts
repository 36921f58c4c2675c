import { createHash } from 'node:crypto';
import type { Column, ColumnBatch, ColumnType, Digest } from '@slipway/contracts';
import { checkStorable, postgresEpoch } from '@slipway/database';
import { digestHeader } from './digest-header.ts';

/** Type OIDs of the five column types in Postgres. */
const oids: Readonly<Record<ColumnType, number>> = {
  double: 701,
  long: 20,
  boolean: 16,
  string: 25,
  datetime: 1184,
};

/**
 * The digest of a table's rows from memory: the same bytes as `digestTable` hashes in Postgres.
 * @throws SlipwayError `value_unsupported` for a value that Postgres cannot hold bit by bit
 */
export function digestColumnBatch(batch: ColumnBatch): Digest {
  checkStorable(batch);
  const buckets = Array.from({ length: 256 }, (): Buffer[] => []);
  for (let row = 0; row < batch.rowCount; row += 1) {
    const hash = createHash('sha256').update(encodeRow(batch.columns, row)).digest();
    buckets[hash[0]!]!.push(hash);
  }
  const count = Buffer.alloc(8);
  count.writeBigInt64BE(BigInt(batch.rowCount));
  const total = createHash('sha256').update(digestHeader(batch.columns)).update(count);
  for (const bucket of buckets) {
    const sorted = bucket.sort(Buffer.compare);
    total.update(createHash('sha256').update(Buffer.concat(sorted)).digest());
  }
  return total.digest('hex');
}

/** `record_send` of a row: int32 number of columns; per column int32 type OID, int32 length or -1, bytes. */
function encodeRow(columns: readonly Column[], row: number): Buffer {
  const parts = [int32(columns.length)];
  for (const column of columns) {
    const bytes = encodeCell(column, row);
    parts.push(int32(oids[column.type]), int32(bytes?.length ?? -1));
    if (bytes !== null) parts.push(bytes);
  }
  return Buffer.concat(parts);
}

function encodeCell(column: Column, row: number): Buffer | null {
  if (column.type === 'string') {
    const text = column.values[row] ?? null;
    return text === null ? null : Buffer.from(text, 'utf8');
  }
  const value = column.values[row] ?? NaN;
  if (Number.isNaN(value)) return null;
  if (column.type === 'boolean') return Buffer.of(value);
  const bytes = Buffer.alloc(8);
  if (column.type === 'double') bytes.writeDoubleBE(value + 0);
  else bytes.writeBigInt64BE(BigInt(value) - (column.type === 'datetime' ? BigInt(postgresEpoch) : 0n));
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
