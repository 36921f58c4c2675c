import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const launcher = fileURLToPath(new URL('../bin/slipway-serving.js', import.meta.url));
let cache: string;

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'slipway-refused-'));
});
afterAll(() => rm(cache, { recursive: true }));

/** Starts the app and waits until it has ended by itself. */
async function startRefused(
  variables: Readonly<Record<string, string>>,
): Promise<{ code: number | null; log: string }> {
  const settings = { SLIPWAY_MODELS: 'bike-demand', SLIPWAY_CACHE_DIR: join(cache, 'serving') };
  const child = spawn(process.execPath, [launcher], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...settings, HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', ...variables },
    timeout: 60_000,
  });
  let log = '';
  child.stderr!.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, log };
}

it.each([
  ['embedded_refused', 'MLFLOW_TRACKING_URI', { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }],
  ['configuration_invalid', 'DATABASE_URL', { MLFLOW_TRACKING_URI: 'http://127.0.0.1:1' }],
])('production: %s names %s, ends with 2 and writes nothing', async (code, name, variables) => {
  const ended = await startRefused({ SLIPWAY_ENV: 'production', ...variables });
  expect(ended).toEqual({ code: 2, log: expect.stringContaining(name) });
  expect(ended.log).toContain(code);
  expect(await readdir(cache)).toEqual([]);
});

it('a name that is nearly production is doubted in the log, and refuses nothing', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const { port } = blocker.address() as AddressInfo;
  const nowhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
  try {
    const { log } = await startRefused({ ...nowhere, SLIPWAY_ENV: 'prod', PORT: String(port) });
    const [first, ...more] = log.trim().split('\n');
    expect(first).toMatch(/"event":"environment".*SLIPWAY_ENV=production/);
    expect(more.at(-1)).toContain('port_taken');
  } finally {
    blocker.close();
  }
});
