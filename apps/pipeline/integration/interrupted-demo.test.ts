import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyProject, runCommand } from './cli-project.ts';

const launcher = fileURLToPath(new URL('../bin/slipway.js', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await copyProject();
});
afterAll(async () => {
  await runCommand(folder, {}, ['db', 'stop']);
  await rm(folder, { recursive: true, force: true });
});

it.each(['SIGTERM', 'SIGHUP'] as const)(
  'a demo that gets %s leaves no serving app behind',
  async (signal) => {
    const child = spawn(process.execPath, [launcher, 'demo'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: '', USER: 'ada' },
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    const processId = await new Promise<number>((resolve) =>
      createInterface({ input: child.stdout }).on('line', (line) => {
        const [, found] = /serving app listens at .*, process (\d+)/.exec(line) ?? [];
        if (found !== undefined) resolve(Number(found));
      }),
    );
    child.kill(signal);
    expect(await ended).toBe(signal === 'SIGTERM' ? 143 : 129);
    expect(() => process.kill(processId, 0)).toThrow(/ESRCH/);
  },
);
