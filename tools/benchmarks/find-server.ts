import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/contracts';
import { ensureEmbeddedServer } from '@slipway/database/embedded';
import { findPostgresServer } from '@slipway/database/testing';

export interface BenchmarkServer {
  readonly url: string;
  /** How tables name it: whose server it is. */
  readonly backend: 'DATABASE_URL' | 'server' | 'embedded';
}

/** The server a benchmark runs on: the embedded one where asked for, the one named, else the one on 127.0.0.1:5432. */
export async function findServer(
  named: string | undefined,
  { embedded }: { readonly embedded: boolean },
): Promise<BenchmarkServer> {
  if (embedded) return startEmbedded();
  if (named !== undefined && named !== '') return { url: named, backend: 'DATABASE_URL' };
  try {
    return { url: (await findPostgresServer()).url, backend: 'server' };
  } catch (error) {
    if (!SlipwayError.isInstance(error) || error.code !== 'database_unreachable') throw error;
  }
  return startEmbedded();
}

async function startEmbedded(): Promise<BenchmarkServer> {
  const directory = join(tmpdir(), `slipway-bench-${userInfo().username}`);
  return { url: (await ensureEmbeddedServer({ directory })).url, backend: 'embedded' };
}
