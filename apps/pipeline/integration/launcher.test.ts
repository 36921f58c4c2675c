import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const serving = fileURLToPath(new URL('../../serving/', import.meta.url));
const apps = [
  { app: 'pipeline-app', program: 'slipway', bin: fileURLToPath(new URL('../bin/', import.meta.url)) },
  { app: 'serving-app', program: 'slipway-serving', bin: join(serving, 'bin/') },
];

/** Says on which Node it runs, and ends in its own way when told to, or when nobody waits for it any more. */
const program = `
process.on('SIGTERM', () => process.exit(7));
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(1), 100);
console.log(JSON.stringify([process.versions.node, ...process.argv.slice(2)]));
`;

describe.each(apps)('the launcher of $program on a Node that is too old', ({ app, program: name, bin }) => {
  let folder: string;
  let launcher: string;
  let started: ChildProcess | undefined;

  /** An installed app, whose program is the one above. */
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-launcher-'));
    const home = join(folder, 'node_modules/@slipway', app);
    launcher = join(home, 'bin', `${name}.js`);
    await cp(bin, join(home, 'bin'), { recursive: true });
    await mkdir(join(home, 'dist'));
    await writeFile(join(home, 'dist/main.js'), program);
    await writeFile(join(home, 'package.json'), '{ "type": "module" }');
    if (app !== 'serving-app') await symlink(serving, join(folder, 'node_modules/@slipway/serving-app'));
    await writeFile(
      join(folder, 'old.mjs'),
      `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } });`,
    );
  });
  afterEach(async () => {
    started?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  /** What the package `node` installs: this Node, said to be of a version. */
  async function installNode(version: string): Promise<void> {
    const node = join(folder, 'node_modules/node/bin/node');
    await mkdir(dirname(node), { recursive: true });
    await symlink(process.execPath, node);
    await writeFile(join(folder, 'node_modules/node/package.json'), JSON.stringify({ version }));
  }

  function start(): ChildProcess & { readonly ended: Promise<unknown[]> } {
    const args = ['--import', join(folder, 'old.mjs'), launcher, 'plan', '--json'];
    const child = spawn(process.execPath, args, { env: { PATH: '' }, stdio: ['ignore', 'pipe', 'pipe'] });
    started = child;
    return Object.assign(child, { ended: once(child, 'exit') });
  }

  it('runs on the package "node" beside it, passes SIGTERM on and ends as the program does', async () => {
    await installNode(process.versions.node);
    const child = start();
    const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
    expect(JSON.parse(line)).toEqual([process.versions.node, 'plan', '--json']);
    child.kill('SIGTERM');
    expect(await child.ended).toEqual([7, null]);
  });

  it.each([undefined, '20.19.5', '22.17.1'])('says what it needs when that one is %s', async (version) => {
    if (version !== undefined) await installNode(version);
    const child = start();
    const lines = [child.stderr!, child.stdout!].map((input) => once(createInterface({ input }), 'line'));
    const [line] = (await Promise.race(lines)) as [string];
    expect(line).toMatch(new RegExp(`^${name} needs Node 22.18 or newer and runs on 20.19.0: .*"npm ci"`));
    // Outside this repository no "npm ci" brings it.
    expect(line).toContain('"npm install --save-dev node@24"');
    expect(await child.ended).toEqual([2, null]);
  });
});
