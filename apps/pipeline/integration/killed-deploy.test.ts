import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DeployOutcome } from '@slipway/deployment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliProject, type CliProject } from './cli-project.ts';

const launcher = fileURLToPath(new URL('../bin/slipway.js', import.meta.url));
let project: CliProject;

beforeAll(async () => {
  project = await createCliProject();
  const file = join('apps', 'pipeline', 'data', 'bike-hours.csv');
  await project.json(['features', 'load', 'bike_hours', '--file', file, '--to', '2011-04-01']);
});
afterAll(() => project.remove());

/** Runs deploy and kills it as soon as it has printed the line of a step. */
async function killAfter(step: string): Promise<void> {
  const env = { DATABASE_URL: project.url, PATH: '' };
  const child = spawn(process.execPath, [launcher, 'deploy', 'bike-demand'], { cwd: project.folder, env });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith(`  ${step} `)) child.kill('SIGKILL');
  });
  await ended;
  // What 30 seconds would do: the dead process's lease runs out.
  await project.database.execute("UPDATE slipway_leases.lease SET expires_at = '-infinity'");
}

describe('a deploy that is killed', () => {
  it('anywhere, again and again, converges to one run, one version and one move of production', async () => {
    for (const step of ['features', 'datasets', 'train', 'evaluate', 'gate', 'register'])
      await killAfter(step);
    const outcome = await project.json<DeployOutcome>(['deploy', 'bike-demand']);
    expect(['promoted', 'nothing']).toContain(outcome.outcome);
    const count = async (sql: string): Promise<unknown> => (await project.database.query(sql))[0];
    expect(await count('SELECT count(*)::int AS runs, min(status) AS status FROM registry.run')).toEqual({
      runs: 1,
      status: 'FINISHED',
    });
    expect(await count('SELECT count(*)::int AS versions FROM registry.model_version')).toEqual({
      versions: 1,
    });
    expect(
      await count(`SELECT count(*)::int AS moves FROM registry.model_version, jsonb_object_keys(tags) AS key
                   WHERE key LIKE 'slipway.move.%'`),
    ).toEqual({ moves: 1 });
    expect(await count('SELECT count(*)::int AS datasets FROM training.dataset')).toEqual({ datasets: 3 });
    expect(
      await count("SELECT count(*)::int AS left_behind FROM pg_tables WHERE tablename LIKE 'build\\_%'"),
    ).toEqual({ left_behind: 0 });
    expect(await project.json(['deploy', 'bike-demand'])).toMatchObject({ outcome: 'nothing', version: '1' });
  });
});
