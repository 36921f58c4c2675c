import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCliProject, type CliProject } from './cli-project.ts';

const launcher = fileURLToPath(new URL('../bin/slipway.js', import.meta.url));
let project: CliProject;

beforeAll(async () => {
  project = await createCliProject();
});
afterAll(() => project.remove());

it('"slipway serve" passes the tokens on, and ends with the app it started', async () => {
  const child = spawn(process.execPath, [launcher, 'serve', 'bike-demand', '--port', '0'], {
    cwd: project.folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: '',
      DATABASE_URL: project.url,
      SLIPWAY_INFERENCE_TOKEN: 'for-clients',
      SLIPWAY_ADMIN_TOKEN: 'for-people',
    },
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const line = await new Promise<string>((resolve) =>
    createInterface({ input: child.stdout }).once('line', resolve),
  );
  const url = /http:\S+/.exec(line)![0];
  const ask = async (token?: string): Promise<number> => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const headers = { 'content-type': 'application/json', ...authorization };
    const body = JSON.stringify({ dataframe_records: [{}] });
    return (await fetch(`${url}/invocations`, { method: 'POST', headers, body })).status;
  };
  expect(await ask()).toBe(401);
  expect(await ask('for-people')).toBe(401);
  // Nothing is deployed: whoever has the token is told so.
  expect(await ask('for-clients')).toBe(503);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});
