import { readFile } from 'node:fs/promises';
import type { PredictionRecord } from '@slipway/contracts';
import type { Database } from '@slipway/database';
import { insertPredictions } from './insert-predictions.ts';
import { openWriteAheadFiles } from './write-ahead-files.ts';

export interface PredictionLogOptions {
  /** Folder of the write-ahead files. */
  readonly directory: string;
  /** Called for every shipment, so that a database that is away may come back. */
  readonly openDatabase: () => Promise<Database>;
  readonly generateId: () => string;
  readonly processId: number;
  /** Milliseconds between shipments. @default 500 */
  readonly shipMs?: number;
  /** When unshipped files hold more bytes, new records are dropped and counted. @default 268435456 */
  readonly maxBytes?: number;
  readonly onError?: (error: unknown) => void;
}

/** Every answered row, first in a local file, then in Postgres. */
export interface PredictionLog {
  /** Resolves when the records are in the write-ahead file: they survive the death of the process. Never rejects. */
  append(records: readonly PredictionRecord[]): Promise<void>;
  /** Ships what is there now; resolves when it is in Postgres or the attempt failed. */
  flush(): Promise<void>;
  /** Bytes that wait for shipment, and records lost because the disk or its limit refused them. */
  readonly pendingBytes: number;
  readonly dropped: number;
  /** Ships what is left and closes the file. */
  close(): Promise<void>;
}

const linesPerStatement = 2_000;

/**
 * Opens the log in mode `wal`: a record is written to the operating system before the reply leaves, so a killed process
 * loses nothing and a machine that loses power loses the last moments. Files that a dead process left are shipped too.
 */
export async function openPredictionLog(options: PredictionLogOptions): Promise<PredictionLog> {
  const { openDatabase, shipMs = 500, maxBytes = 268_435_456, onError } = options;
  const files = await openWriteAheadFiles(options);
  let dropped = 0;
  let shipping = Promise.resolve();

  async function append(records: readonly PredictionRecord[]): Promise<void> {
    try {
      if (files.pendingBytes > maxBytes) throw new Error('the write-ahead files have reached their limit');
      await files.append(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    } catch (error) {
      dropped += records.length;
      onError?.(error);
    }
  }

  async function ship(): Promise<void> {
    try {
      for (const path of await files.closed()) {
        const text = await readFile(path, 'utf8');
        await shipLines(await openDatabase(), text);
        await files.remove(path, text.length);
      }
    } catch (error) {
      onError?.(error);
    }
  }

  function flush(): Promise<void> {
    shipping = shipping.then(ship);
    return shipping;
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
    async close() {
      clearInterval(timer);
      await flush();
      await files.close();
    },
  };
}

/** A last line without its end was cut off by a kill: its reply never left. */
async function shipLines(database: Database, text: string): Promise<void> {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  for (let start = 0; start < lines.length; start += linesPerStatement) {
    const records = lines
      .slice(start, start + linesPerStatement)
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as PredictionRecord);
    await insertPredictions(database, records);
  }
}
