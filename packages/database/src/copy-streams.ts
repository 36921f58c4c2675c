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

/** Hands every chunk of a COPY ... TO STDOUT statement to a callback. */
export async function copyTo(
  client: pg.PoolClient,
  sql: string,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> {
  const stream = client.query(copyToStream(sql));
  for await (const chunk of stream) onChunk(chunk as Uint8Array);
}
