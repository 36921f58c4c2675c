import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliProject, runCommand, type CliProject } from './cli-project.ts';

const names = ['loader', 'trainer', 'server', 'reader'] as const;
const suffix = randomBytes(4).toString('hex');
const roleOf = (name: string): string => `slipway_${name}_${suffix}`;
let project: CliProject;

/** The roles of docs/operations.md under names of this test's own: roles belong to the whole server. */
async function createRoles(): Promise<void> {
  const text = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const sql = /```sql\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  await project.database.execute(
    sql.replaceAll(/slipway_(loader|trainer|server|reader)\b/g, (_, name: string) => roleOf(name)),
  );
  for (const name of names)
    await project.database.execute(`ALTER ROLE ${roleOf(name)} LOGIN PASSWORD '${suffix}'`);
}

function runAs(name: string, ...args: string[]): ReturnType<typeof runCommand> {
  const url = new URL(project.url);
  [url.username, url.password] = [roleOf(name), suffix];
  return runCommand(project.folder, { DATABASE_URL: url.href, USER: 'ada' }, args);
}

beforeAll(async () => {
  project = await createCliProject();
  await project.run('db', 'migrate');
  await createRoles();
});
afterAll(async () => {
  for (const name of names) {
    await project.database.execute(`DROP OWNED BY ${roleOf(name)} CASCADE`);
    await project.database.execute(`DROP ROLE ${roleOf(name)}`);
  }
  await project.remove();
});

describe('features status', () => {
  it.each(['reader', 'trainer', 'loader'])('only reads, so that a %s may ask', async (name) => {
    const { code, stdout, stderr } = await runAs(name, 'features', 'status', '--json');
    expect(code, stderr).toBe(0);
    const tables = JSON.parse(stdout) as { table: string; rows: number; watermark: number }[];
    expect(tables.map(({ table }) => table).sort()).toEqual(['bike_hours', 'diamonds']);
    expect(tables.every(({ rows, watermark }) => rows === 0 && watermark === 0)).toBe(true);
    expect(await project.database.query('SELECT name FROM features._feature_table')).toEqual([]);
  });

  it('shows a trainer what a loader has loaded', async () => {
    const file = 'apps/pipeline/data/bike-hours.csv';
    const load = await runAs(
      'loader',
      'features',
      'load',
      'bike_hours',
      '--file',
      file,
      '--to',
      '2011-01-02',
    );
    expect(load).toMatchObject({ code: 0 });
    for (const name of ['trainer', 'reader']) {
      const { stdout } = await runAs(name, 'features', 'status', 'bike_hours', '--json');
      expect(JSON.parse(stdout)).toMatchObject([
        { table: 'bike_hours', rows: 24, watermark: 1, newestEventTime: Date.UTC(2011, 0, 1, 23) * 1000 },
      ]);
    }
  });
});
