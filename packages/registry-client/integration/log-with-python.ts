import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureMlflow, mlflowCacheFolder, type MlflowTestServer } from '../src/testing/index.ts';

const script = fileURLToPath(new URL('log-model.py', import.meta.url));

/** Logs a small model with MLflow 2.22.5's own Python client, in a run of its own. */
export async function logWithPython(
  { url }: MlflowTestServer,
  experimentId: string,
): Promise<{ readonly runId: string }> {
  const python = await ensureMlflow('2', mlflowCacheFolder(process.env));
  const { stdout } = await promisify(execFile)(python, [script, url, experimentId]);
  return { runId: stdout.trim().split('\n').at(-1) ?? '' };
}
