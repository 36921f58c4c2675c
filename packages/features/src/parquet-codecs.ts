import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { Compressors, ParquetParsers } from 'hyparquet';

/** Snappy is hyparquet's own; the others are in Node. */
export const parquetCompressors: Compressors = {
  GZIP: (bytes) => gunzipSync(bytes),
  BROTLI: (bytes) => brotliDecompressSync(bytes),
  ZSTD: (bytes) => zstdDecompressSync(bytes),
};

/** A value that no column type takes, so that it is counted as unread. */
const unreadable = Symbol('unreadable');
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Times as microseconds, and text that is no UTF-8 found out: by itself hyparquet reads milliseconds and U+FFFD. */
export const parquetParsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (millis) => Number(millis) * 1000,
  timestampFromMicroseconds: (micros) => micros,
  timestampFromNanoseconds: (nanos) => (nanos % 1000n === 0n ? nanos / 1000n : unreadable),
  dateFromDays: (days) => days * 86_400_000_000,
  stringFromBytes: (bytes: Uint8Array | undefined) => {
    if (bytes === undefined) return null;
    try {
      return decoder.decode(bytes);
    } catch {
      return unreadable;
    }
  },
};
