import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { PredictionRecord } from '@slipway/contracts';
import type { Database } from '@slipway/database';
import { keepRejected } from './reject-file.ts';
import { shipLines } from './ship-lines.ts';
import { openWriteAheadFiles } from './write-ahead-files.ts';

export interface PredictionLogOptions {
  /** Folder of the write-ahead files; several processes may share it. */
  readonly directory: string;
  /** Called for every shipment, so that a database that is away may come back. */
  readonly openDatabase: () => Promise<Database>;
  readonly generateId: () => string;
  readonly processId: number;
  /** Milliseconds between shipments. @default 500 */
  readonly shipMs?: number;
  /** When unshipped files hold more bytes, new records are dropped and counted. @default 268435456 */
  readonly maxBytes?: number;
  /** Milliseconds that `close` waits for the last shipment; what is left is shipped by the next process. @default 5000 */
  readonly closeMs?: number;
  readonly onError?: (error: unknown) => void;
}

/** Every answered row, first in a local file, then in Postgres. */
export interface PredictionLog {
  /** Resolves when the records are in the write-ahead file: they survive the death of the process. Never rejects. */
  append(records: readonly PredictionRecord[]): Promise<void>;
  /** Ships what is there now; resolves when it is in Postgres or the attempt failed. */
  flush(): Promise<void>;
  /** Bytes that wait for shipment. */
  readonly pendingBytes: number;
  /** Records lost because the disk or its limit refused them. */
  readonly dropped: number;
  /** Lines that Postgres would never take; they lie in `rejected.ndjson`. */
  readonly rejected: number;
  /** Ships what is left, as long as it takes no longer than `closeMs`, and closes the files. */
  close(): Promise<void>;
}

/**
 * Opens the log in mode `wal`: a record is written to the operating system before the reply leaves, so a killed process
 * loses nothing and a machine that loses power loses the last moments. Files that a dead process left are shipped too.
 */
export async function openPredictionLog(options: PredictionLogOptions): Promise<PredictionLog> {
  const { directory, openDatabase, onError } = options;
  const { shipMs = 500, maxBytes = 268_435_456, closeMs = 5_000 } = options;
  const files = await openWriteAheadFiles(options);
  let [dropped, rejected] = [0, 0];
  let shipping: Promise<void> | undefined;
  let following: Promise<void> | undefined;

  async function append(records: readonly PredictionRecord[]): Promise<void> {
    try {
      if (files.pendingBytes > maxBytes) throw new Error('the write-ahead files have reached their limit');
      await files.append(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    } catch (error) {
      dropped += records.length;
      onError?.(error);
    }
  }

  /** Closed files first: while the database is away, the open one grows instead of becoming many. */
  async function ship(): Promise<void> {
    try {
      for (const path of await files.closed()) await shipFile(path);
      for (const path of await files.seal()) await shipFile(path);
    } catch (error) {
      onError?.(error);
    }
  }

  async function shipFile(path: string): Promise<void> {
    const lines = await readLines(path);
    const refused = lines.length === 0 ? [] : await shipLines(await openDatabase(), lines);
    await keepRejected(directory, refused, { maxBytes });
    rejected += refused.length;
    await files.remove(path);
  }

  /** One shipment at a time and one that waits: what was appended before the call is in one of them. */
  function flush(): Promise<void> {
    if (shipping === undefined) {
      shipping = ship().finally(() => (shipping = undefined));
      return shipping;
    }
    following ??= shipping.then(() => {
      following = undefined;
      return flush();
    });
    return following;
  }

  const timer = setInterval(() => void flush(), shipMs);
  timer.unref();
  return {
    append,
    flush,
    get pendingBytes() {
      return files.pendingBytes;
    },
    get dropped() {
      return dropped;
    },
    get rejected() {
      return rejected;
    },
    async close() {
      clearInterval(timer);
      const patience = new AbortController();
      await Promise.race([flush(), wait(closeMs, undefined, patience).catch(() => undefined)]);
      patience.abort();
      await files.close();
    },
  };
}

/**
 * The whole lines of a file. A last line without its end was cut off: by a kill, and its reply never left, or by a full
 * disk, and it was counted as dropped. A file that is gone was claimed and shipped by somebody else.
 */
async function readLines(path: string): Promise<string[]> {
  try {
    const text = await readFile(path, 'utf8');
    return text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
}
