import { cpus, totalmem } from 'node:os';
import { connectDatabase } from '@slipway/database';
import type { BenchmarkServer } from './find-server.ts';

/** What figures depend on, in one line. */
export async function describeMachine({ url, backend }: BenchmarkServer): Promise<string> {
  const database = await connectDatabase({ url, maxConnections: 1 });
  try {
    const [row] = await database.query<{ version: string; buffers: string }>(
      "SELECT current_setting('server_version') AS version, current_setting('shared_buffers') AS buffers",
    );
    const gib = Math.round(totalmem() / 2 ** 30);
    return `${cpus().length} cores, ${gib} GiB, Node ${process.versions.node}, Postgres ${row?.version} (${backend}, shared_buffers ${row?.buffers})`;
  } finally {
    await database.close();
  }
}
