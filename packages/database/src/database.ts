import type { SqlParameter } from './inline-parameters.ts';

/** Something that runs statements: a pool or a transaction. */
export interface Queryable {
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<readonly Row[]>;
  /** Runs a statement and returns the number of rows it affected. */
  execute(sql: string, parameters?: readonly unknown[]): Promise<number>;
  /** Streams binary COPY data in; `chunks` carry header and trailer. */
  copyIn(sql: string, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void>;
  /** Streams binary COPY data out. */
  copyOut(sql: string, onChunk: (chunk: Uint8Array) => void): Promise<void>;
}

/** One transaction. Using the pool inside its callback throws `nested_connection`. */
export type Transaction = Queryable;

/** A pool of connections to one Postgres database. */
export interface Database extends Queryable {
  readonly url: string;
  /**
   * Runs work in one transaction: committed when it resolves, rolled back when it throws. Serialisation failures and
   * deadlocks (40001, 40P01) are retried, so the work must be repeatable.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export type { SqlParameter };
