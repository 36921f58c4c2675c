import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFromStream, to as copyToStream } from 'pg-copy-streams';

/** Streams chunks into a COPY ... FROM STDIN statement. */
export async function copyFrom(
  client: pg.PoolClient,
  sql: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  await pipeline(Readable.from(chunks, { objectMode: false }), client.query(copyFromStream(sql)));
}

/**
 * Hands every chunk of a COPY ... TO STDOUT statement to a callback.
 * When the callback throws, the rest is read and dropped before the error goes on: a connection left in the middle of a
 * COPY answers nothing more, not even ROLLBACK.
 */
export async function copyTo(
  client: pg.PoolClient,
  sql: string,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  for await (const chunk of client.query(copyToStream(sql))) {
    if (failure !== undefined) continue;
    try {
      onChunk(chunk as Uint8Array);
    } catch (error) {
      failure = { error };
    }
  }
  if (failure !== undefined) throw failure.error;
}
