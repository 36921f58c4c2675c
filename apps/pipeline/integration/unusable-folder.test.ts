import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, rmdir, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopEmbeddedServer } from '@slipway/database/embedded';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@slipway/database/testing';
import { copyProject, runCommand, type CommandResult } from './cli-project.ts';

/** Why file systems cannot be mounted here, or undefined where they can. */
async function findObstacle(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'mounts are tried on Linux only';
  const place = await mkdtemp(join(tmpdir(), 'slipway-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'pipe' });
    execFileSync('umount', [place]);
    return undefined;
  } catch (error) {
    return `this user may not mount: ${(error as Error).message.split('\n')[0]}`;
  } finally {
    await rmdir(place);
  }
}

const obstacle = await findObstacle();
if (obstacle !== undefined) console.log(`skipped: ${obstacle}`);

const bikes = ['features', 'load', 'bike_hours', '--file', 'apps/pipeline/data/bike-hours.csv'];
const diamonds = ['features', 'load', 'diamonds', '--file', 'apps/pipeline/data/diamonds.csv'];

describe.skipIf(obstacle !== undefined)('the folder .slipway', () => {
  let folder: string;
  let state: string;

  beforeEach(async () => {
    folder = await copyProject();
    state = join(folder, '.slipway');
    await mkdir(state);
  });
  afterEach(async () => {
    await stopEmbeddedServer({ directory: join(state, 'postgres') });
    // Lazy: a process that was told to end may still be ending.
    execFileSync('umount', ['--all-targets', '--lazy', state], { stdio: 'ignore' });
    await rm(folder, { recursive: true, force: true });
  });

  const run = (...args: string[]): Promise<CommandResult> => runCommand(folder, {}, args);
  const mount = (options: string): Buffer =>
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', state]);

  /** Fills the disk up to a rest. */
  async function fill(name: string, rest: number): Promise<void> {
    const { bavail, bsize } = await statfs(state);
    await writeFile(join(state, name), Buffer.alloc(Math.max(0, bavail * bsize - rest))).catch(
      () => undefined,
    );
  }
  const free = (name: string): Promise<void> => rm(join(state, name), { force: true });

  async function expectFull(args: readonly string[]): Promise<void> {
    const { code, stderr } = await run(...args);
    expect(code, stderr).toBe(6);
    expect(stderr).toMatch(/^database_full: The disk of .*full.*Free some space/);
    expect(stderr).toContain(join(state, 'postgres'));
    expect(stderr.trim().split('\n')).toHaveLength(1);
  }

  async function expectEmpty(table: string): Promise<void> {
    const { code, stdout, stderr } = await run('features', 'status', table, '--json');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ rows: 0, watermark: 0 }]);
  }

  it('on a disk too small for a database says so, and leaves nothing half-made', async () => {
    mount('size=8m');
    await expectFull(['status']);
    execFileSync('mount', ['-o', 'remount,size=200m', state]);
    await expectEmpty('bike_hours');
  });

  it('on a disk that fills up during a load shows nothing of it, and works when there is room again', async () => {
    mount('size=100m');
    expect(await run('status')).toMatchObject({ code: 0 });
    await fill('filler', 1_000_000);
    await expectFull(bikes);
    await free('filler');
    await expectEmpty('bike_hours');
    expect(await run(...bikes)).toMatchObject({ code: 0 });
  });

  it('on a disk that fills up while datasets are built keeps none, and deploys when there is room again', async () => {
    mount('size=100m');
    expect(await run('status')).toMatchObject({ code: 0 });
    expect(await run(...bikes)).toMatchObject({ code: 0 });
    await fill('filler', 600_000);
    await expectFull(['deploy', 'bike-demand']);
    await free('filler');
    expect(JSON.parse((await run('datasets', 'list', '--json')).stdout)).toEqual([]);
    expect(await run('deploy', 'bike-demand')).toMatchObject({ code: 0 });
    const kept = JSON.parse((await run('datasets', 'list', '--json')).stdout) as { ref: { kind: string } }[];
    expect(kept.map(({ ref }) => ref.kind).sort()).toEqual(['predictions', 'test', 'train']);
  });

  it('on a disk without room for the log of the database names the disk, and recovers when there is room', async () => {
    mount('size=100m');
    expect(await run('status')).toMatchObject({ code: 0 });
    expect(await run(...bikes)).toMatchObject({ code: 0 });
    await fill('filler', 20_000_000);
    await expectFull(diamonds);
    await fill('second filler', 0);
    await expectFull(['status']);
    await free('filler');
    await free('second filler');
    await expectEmpty('diamonds');
    const status = await run('features', 'status', 'bike_hours', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject([{ rows: 8645, watermark: 1 }]);
    expect(await run(...diamonds)).toMatchObject({ code: 0 });
  });

  it('on a read-only file system is said to be unwritable', async () => {
    mount('size=1m,ro');
    for (const args of [['status'], ['db', 'url'], bikes]) {
      const { code, stderr } = await run(...args);
      expect(code, stderr).toBe(2);
      expect(stderr).toMatch(/^file_unwritable: .*read-only/);
      expect(stderr).toContain(state);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });

  it('on a read-only file system keeps no deploy from a server; only the report is missed', async () => {
    mount('size=1m,ro');
    const test = await createTestDatabase();
    const variables = { DATABASE_URL: test.url };
    try {
      const window = ['--to', '2011-03-01'];
      expect(await runCommand(folder, variables, [...bikes, ...window])).toMatchObject({ code: 0 });
      const { code, stdout } = await runCommand(folder, variables, ['deploy', 'bike-demand']);
      expect(stdout).toMatch(/serves as production/);
      expect(stdout).toMatch(/the report .*\.slipway.* could not be written \(EROFS\)/);
      expect(code).toBe(0);
      const serve = await runCommand(folder, variables, ['serve', 'bike-demand', '--port', '0']);
      expect(serve).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/^file_unwritable: .*\.slipway/),
      });
    } finally {
      await test.drop();
    }
  });
});
