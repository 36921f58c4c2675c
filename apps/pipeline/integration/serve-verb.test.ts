import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createCliProject, runCommand, type CliProject } from './cli-project.ts';
import { freePort } from './free-port.ts';

const launcher = fileURLToPath(new URL('../bin/slipway.js', import.meta.url));
let project: CliProject;

beforeAll(async () => {
  project = await createCliProject();
});
afterAll(() => project.remove());

let started: ChildProcess | undefined;
afterEach(() => started?.kill('SIGTERM'));

it('"slipway serve" passes listeners and tokens on, says where it listens, and ends with the app it started', async () => {
  const [port, adminPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [launcher, 'serve', 'bike-demand'], {
    cwd: project.folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: '',
      DATABASE_URL: project.url,
      HOST: 'localhost',
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      SLIPWAY_INFERENCE_TOKEN: 'for-clients',
      SLIPWAY_ADMIN_TOKEN: 'for-people',
    },
  });
  started = child;
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const url = `http://localhost:${port}`;
  const adminUrl = `http://localhost:${adminPort}`;
  expect((await lines.next()).value).toMatch(new RegExp(`^serving bike-demand at ${url} `));
  expect((await lines.next()).value).toBe(`metrics and admin at ${adminUrl}`);
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
  const metrics = async (token: string): Promise<number> =>
    (await fetch(`${adminUrl}/metrics`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect([await metrics('for-clients'), await metrics('for-people')]).toEqual([401, 200]);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

it.each([
  [['--port', 'eighty'], { PORT: 'nine' }, '--port'],
  [[], { PORT: 'nine' }, 'PORT'],
  [['--port', '0'], { PORT: 'nine', ADMIN_PORT: '65536' }, 'ADMIN_PORT'],
])('"slipway serve" with %j and %j says that %s is no port', async (args, variables, name) => {
  const { code, stderr } = await runCommand(project.folder, variables, ['serve', ...args]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(`^usage: ${name} is not a port`),
  });
});
