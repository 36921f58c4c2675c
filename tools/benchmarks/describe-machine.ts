import { cpus, totalmem } from 'node:os';
import { connectDatabase } from '@slipway/database';
import type { BenchmarkServer } from './find-server.ts';

/** What figures depend on, in one line. */
export function describeMachine(): string {
  return `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
}

/** What figures of a database depend on, in one line. */
export async function describeServer({ url, backend }: BenchmarkServer): Promise<string> {
  const database = await connectDatabase({ url, maxConnections: 1 });
  try {
    const [row] = await database.query<{ version: string; buffers: string }>(
      "SELECT current_setting('server_version') AS version, current_setting('shared_buffers') AS buffers",
    );
    return `Postgres ${row?.version} (${backend}, shared_buffers ${row?.buffers})`;
  } finally {
    await database.close();
  }
}
