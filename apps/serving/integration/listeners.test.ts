import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const launcher = fileURLToPath(new URL('../bin/slipway-serving.js', import.meta.url));
let cache: string;
let child: ChildProcess;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'slipway-listeners-'));
});
afterEach(async () => {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  await rm(cache, { recursive: true });
});

/** Starts the app on the address 127.0.0.2, without a database. */
async function start(variables: Record<string, string>): Promise<{ listening: number; admin: number }> {
  child = spawn(process.execPath, [launcher], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      SLIPWAY_MODELS: 'bike-demand',
      SLIPWAY_CACHE_DIR: cache,
      HOST: '127.0.0.2',
      PORT: '0',
      ADMIN_PORT: '0',
      ...variables,
    },
  });
  const line = await new Promise<string>((resolve) =>
    createInterface({ input: child.stdout! }).once('line', resolve),
  );
  return JSON.parse(line) as { listening: number; admin: number };
}

async function statusOf(url: string, headers: Record<string, string> = {}): Promise<number | 'refused'> {
  return fetch(url, { headers }).then(
    (response) => response.status,
    () => 'refused',
  );
}

describe.runIf(process.platform === 'linux')('the admin listener', () => {
  it('is reached from this machine only when it has no token', async () => {
    const { listening, admin } = await start({});
    expect(await statusOf(`http://127.0.0.2:${listening}/v2/health/live`)).toBe(200);
    expect(await statusOf(`http://127.0.0.2:${admin}/metrics`)).toBe('refused');
    expect(await statusOf(`http://127.0.0.1:${admin}/metrics`)).toBe(200);
  });

  it('listens beside the inference listener when it has one', async () => {
    const { admin } = await start({ SLIPWAY_ADMIN_TOKEN: 'secret' });
    const url = `http://127.0.0.2:${admin}/metrics`;
    expect(await statusOf(url)).toBe(401);
    expect(await statusOf(url, { authorization: 'Bearer secret' })).toBe(200);
  });
});
