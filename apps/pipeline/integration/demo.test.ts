import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyProject, runCommand } from './cli-project.ts';
import { printedInReadme, withoutDurations } from './printed-in-readme.ts';

let folder: string;

beforeAll(async () => {
  folder = await copyProject();
});
afterAll(async () => {
  await runCommand(folder, {}, ['db', 'stop']);
  await rm(folder, { recursive: true, force: true });
});

describe('slipway demo', () => {
  it('tells the whole story twice in a row and writes nothing outside .slipway/', async () => {
    const before = await readdir(folder);
    const promised = await printedInReadme();
    expect(promised.map((line) => line.trim().split(' ')[0])).toEqual([
      'train',
      'evaluate',
      'gate',
      'promote',
      'gate',
    ]);
    for (const run of [1, 2]) {
      const { code, stdout, stderr } = await runCommand(folder, { USER: 'ada' }, ['demo']);
      expect({ run, code, stderr }).toEqual({ run, code: 0, stderr: '' });
      for (const text of [
        'version 1 of bike-demand-development serves as production',
        'nothing to do',
        'replayed 2192 requests, 0 failed, answered by version 1',
        'of 2192 rows, test RMSE',
        'production of bike-demand-development: version 2 -> 1 (rollback: shown in the demo)',
        'the serving app now answers with version 1',
      ]) {
        expect(stdout).toContain(text);
      }
      for (const line of promised) expect(withoutDurations(stdout)).toContain(line);
      expect(stdout).toMatch(/meanwhile \d{4,} requests, 0 failed, answered by version 1 and 2/);
      expect(stdout).not.toContain('\u001b');
    }
    expect((await readdir(folder)).filter((name) => !before.includes(name))).toEqual(['.slipway']);
  });

  it('leaves two reports of each kind that need no network and no script', async () => {
    const reports = join(folder, '.slipway/reports');
    const names = await readdir(reports);
    expect(names.filter((name) => name.endsWith('-evaluation.html'))).toHaveLength(2);
    expect(names.filter((name) => name.endsWith('-drift.html'))).toHaveLength(1);
    for (const name of names) {
      const html = await readFile(join(reports, name), 'utf8');
      expect(html.length).toBeLessThan(200_000);
      expect(html).not.toMatch(/<script|https?:\/\/|NaN|undefined/);
      expect(html).toContain('<svg');
    }
  });

  it('deletes nothing when it may not run', async () => {
    const before = await readdir(join(folder, '.slipway'));
    const production = { SLIPWAY_ENV: 'production' };
    for (const variables of [production, { ...production, DATABASE_URL: 'postgres://127.0.0.1:1/none' }]) {
      const result = await runCommand(folder, variables, ['demo']);
      expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('embedded_refused') });
    }
    expect(await readdir(join(folder, '.slipway'))).toEqual(before);
  });

  it('moves aside what a person did in its folder', async () => {
    expect((await runCommand(folder, { USER: 'ada' }, ['deploy', 'bike-demand'])).code).toBe(0);
    const { code, stdout } = await runCommand(folder, { USER: 'ada' }, ['demo']);
    expect(code).toBe(0);
    expect(stdout).toContain('what was in .slipway/ is now in .slipway/kept/');
    const [kept] = await readdir(join(folder, '.slipway/kept'));
    expect(await readdir(join(folder, '.slipway/kept', kept!))).toContain('postgres');
  });

  it('leaves no process behind after db stop', async () => {
    const status = JSON.parse((await runCommand(folder, {}, ['db', 'status', '--json'])).stdout) as {
      serverProcess: number;
      supervisorProcess: number;
    };
    expect((await runCommand(folder, {}, ['db', 'stop'])).code).toBe(0);
    for (const processId of [status.serverProcess, status.supervisorProcess]) {
      expect(await isRunning(processId)).toBe(false);
    }
  });

  it('gives a script the address of the database and nothing else, when the server has to start too', async () => {
    const { code, stdout, stderr } = await runCommand(folder, {}, ['db', 'url']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^postgres\S+\n$/);
  });
});

/** A process that has ended and was not collected by its parent yet (state Z) does not run. */
async function isRunning(processId: number): Promise<boolean> {
  const stat = await readFile(`/proc/${processId}/stat`, 'utf8').catch(() => undefined);
  if (stat !== undefined) return !stat.includes(') Z ');
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}
