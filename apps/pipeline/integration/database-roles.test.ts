import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rowCells, selectColumns, takeRows } from '@slipway/contracts';
import { connectDatabase } from '@slipway/database';
import type { DeployOutcome, Lineage, MonitorOutcome } from '@slipway/deployment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import bikeDemand from '../models/bike-demand.ts';
import { createCliProject, runCommand, type CliProject, type CommandResult } from './cli-project.ts';
import { findPgbouncer, startPgbouncer } from './pgbouncer.ts';
import { startServingApp } from './serving-app.ts';
import { day, readBikes } from './test-deployment.ts';

const suffix = randomBytes(4).toString('hex');
const roleNames = ['loader', 'trainer', 'server', 'reader'] as const;
type Role = (typeof roleNames)[number];
const roleOf = (role: Role | 'owner'): string => `slipway_${role}_${suffix}`;
/** The logins of the page, one a role. */
const logins = { loader: 'load_job', trainer: 'deploy_job', server: 'serving_app', reader: 'ada' } as const;
const loginOf = (role: Role | 'owner'): string =>
  role === 'owner' ? roleOf(role) : `${logins[role]}_${suffix}`;
const file = join('apps', 'pipeline', 'data', 'bike-hours.csv');
const load = ['features', 'load', 'bike_hours', '--file', file];

const oldDay = 'prediction_20200229';

let project: CliProject;

/** The SQL of docs/operations.md, with names of our own: roles belong to the whole server. */
async function documentedGrants(): Promise<string> {
  const text = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/```sql\n(CREATE ROLE [^]*?)```/g)].map(([, sql = '']) => sql);
  expect(blocks).toHaveLength(2);
  const membership = /`(GRANT slipway_loader, .*? TO CURRENT_USER)`/.exec(text)?.[1] ?? '';
  const sql = blocks.join('').replace(/(?<=CREATE ROLE slipway_reader;.*\n)/, `${membership};\n`);
  return roleNames.reduce(
    (all, role) =>
      all
        .replaceAll(new RegExp(`slipway_${role}\\b`, 'g'), roleOf(role))
        .replaceAll(new RegExp(`\\b${logins[role]}\\b`, 'g'), loginOf(role)),
    sql.replaceAll(/'change-me-\d'/g, "'pass'"),
  );
}

beforeAll(async () => {
  project = await createCliProject();
  await project.edit('apps/pipeline/models/bike-demand.ts', 'nEstimators: 100', 'nEstimators: 5');
  const { database } = project;
  const [row] = await database.query<{ name: string }>('SELECT current_database() AS name');
  await database.execute(`CREATE ROLE ${roleOf('owner')} LOGIN CREATEROLE PASSWORD 'pass'`);
  await database.execute(`ALTER DATABASE ${row!.name} OWNER TO ${roleOf('owner')}`);
  const migrated = await as('owner', 'db', 'migrate');
  expect(migrated).toMatchObject({ code: 0 });
  const owner = await connectDatabase({ url: urlOf('owner'), maxConnections: 1 });
  // A day that was answered before there were roles.
  await owner.execute(
    `CREATE TABLE serving.${oldDay} PARTITION OF serving.prediction FOR VALUES FROM ('2020-02-29') TO ('2020-03-01')`,
  );
  await owner.execute(await documentedGrants());
  await owner.close();
});
afterAll(async () => {
  // Objects go with the database, and roles can only go without objects.
  const admin = project.url.replace(/\/[^/]*$/, '/postgres');
  await project.remove();
  const database = await connectDatabase({ url: admin, maxConnections: 1 });
  for (const name of [...roleNames.map(loginOf), ...roleNames.map(roleOf), roleOf('owner')])
    await database.execute(`DROP ROLE IF EXISTS ${name}`);
  await database.close();
});

function urlOf(role: Role | 'owner'): string {
  const url = new URL(project.url);
  url.username = loginOf(role);
  url.password = 'pass';
  return url.href;
}

function as(role: Role | 'owner', ...args: string[]): Promise<CommandResult> {
  const variables = { DATABASE_URL: urlOf(role), GIT_COMMIT: 'f'.repeat(40), USER: role };
  return runCommand(project.folder, variables, args);
}

async function documentOf<T>(
  role: Role,
  args: readonly string[],
  codes: readonly number[] = [0],
): Promise<T> {
  const { code, stdout, stderr } = await as(role, ...args, '--json');
  expect(codes, stderr).toContain(code);
  return JSON.parse(stdout) as T;
}

describe('the roles of docs/operations.md suffice', () => {
  it('for the loader to create a feature table and to load it', async () => {
    const loaded = await documentOf('loader', [...load, '--to', '2011-03-01']);
    expect(loaded).toMatchObject({ outcome: 'loaded', load: 1 });
  });

  it('for the trainer to plan, deploy, retrain and roll back', async () => {
    expect(await documentOf('trainer', ['plan', 'bike-demand'])).toMatchObject({ action: 'deploy' });
    expect(await documentOf<DeployOutcome>('trainer', ['deploy', 'bike-demand'])).toMatchObject({
      outcome: 'promoted',
      version: '1',
    });
    await documentOf('loader', [...load, '--to', '2011-05-01']);
    const retrained = await documentOf<DeployOutcome>('trainer', ['retrain', 'bike-demand']);
    if (retrained.outcome === 'kept')
      await documentOf('trainer', [
        'promote',
        'bike-demand',
        '--run',
        retrained.runId!,
        '--reason',
        'a test',
      ]);
    const rolledBack = await documentOf('trainer', ['rollback', 'bike-demand', '--reason', 'a test']);
    expect(rolledBack).toMatchObject({ outcome: 'moved', version: '1' });
  });

  it('for the server to follow the alias, to answer, and to keep what it answered', async () => {
    const app = await startServingApp({
      DATABASE_URL: urlOf('server'),
      SLIPWAY_MODELS: 'bike-demand',
      SLIPWAY_CACHE_DIR: join(project.folder, 'serving'),
    });
    try {
      const rows = takeRows(await readBikes({ from: day('2011-01-01'), to: day('2011-02-01') }), [0, 1, 2]);
      const features = selectColumns(rows, bikeDemand.features);
      const records = [0, 1, 2].map((row) => rowCells(features, row));
      const answer = await fetch(`${app.url}/invocations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ dataframe_records: records }),
      });
      expect(answer.status, app.log()).toBe(200);
      const stored = async (): Promise<number> => {
        const [row] = await project.database.query<{ rows: number }>(
          'SELECT count(*)::int AS rows FROM serving.prediction',
        );
        return row?.rows ?? 0;
      };
      await expect.poll(stored, { timeout: 20_000, interval: 50, message: app.log() }).toBe(3);
    } finally {
      expect(await app.stop()).toBe(0);
    }
  });

  it('for the server to sweep its days, those from before it too', async () => {
    const database = await connectDatabase({ url: urlOf('server'), maxConnections: 1 });
    await database.execute(`DROP TABLE serving.${oldDay}`);
    await database.close();
  });

  it('for the loader to load labels and for the trainer to monitor', async () => {
    expect(
      await documentOf('loader', ['labels', 'load', 'bike-demand', '--file', file, '--to', '2011-02-01']),
    ).toHaveProperty('labels');
    const monitored = await documentOf<MonitorOutcome>('trainer', ['monitor', 'bike-demand'], [0, 5]);
    expect(monitored.rows).toBe(3);
  });

  it('for the reader to see what serves and where it comes from', async () => {
    for (const args of [['status'], ['features', 'status'], ['plan', 'bike-demand'], ['db', 'status']])
      await documentOf('reader', args);
    const lineage = await documentOf<Lineage>('reader', ['explain', 'bike-demand@production']);
    expect(lineage).toMatchObject({ version: '1', datasets: { train: { ref: { kind: 'train' } } } });
    const database = await connectDatabase({ url: urlOf('reader'), maxConnections: 1 });
    const { table } = lineage.datasets.train.ref!;
    expect(await database.query(`SELECT * FROM training."${table}" LIMIT 1`)).toHaveLength(1);
    await database.close();
  });
});

describe('what a login makes belongs to its group', () => {
  it('when it connects by itself', async () => {
    const made = await project.database.query(
      `SELECT DISTINCT schemaname AS schema, tableowner AS owner FROM pg_tables
       WHERE tableowner ~ $1 AND tableowner <> $2 ORDER BY 1`,
      [suffix, roleOf('owner')],
    );
    expect(made).toEqual([
      { schema: 'features', owner: roleOf('loader') },
      { schema: 'serving', owner: roleOf('server') },
      { schema: 'training', owner: roleOf('trainer') },
    ]);
  });

  const pgbouncer = findPgbouncer();
  if (pgbouncer === undefined) console.log('skipped: pgbouncer is not installed');
  it.skipIf(pgbouncer === undefined)('and through a pooler in transaction mode', async () => {
    const pooler = await startPgbouncer(pgbouncer!, urlOf('loader'));
    try {
      const diamonds = ['features', 'load', 'diamonds', '--file', 'apps/pipeline/data/diamonds.csv'];
      const { code, stderr } = await runCommand(project.folder, { DATABASE_URL: pooler.url }, diamonds);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    } finally {
      await pooler.stop();
    }
    expect(await documentOf('trainer', ['plan', 'diamond-price'])).toMatchObject({ action: 'deploy' });
  });
});

describe('a command whose user lacks a right', () => {
  const reader = `${loginOf('reader')}, or to a role it is in: ${roleOf('reader')};`;
  it.each([
    [
      'reader',
      [...load, '--to', '2011-06-01'],
      `GRANT SELECT, INSERT, UPDATE ON slipway_leases.lease TO ${reader}`,
    ],
    [
      'reader',
      ['deploy', 'bike-demand'],
      `GRANT SELECT, INSERT, UPDATE ON slipway_leases.lease TO ${reader}`,
    ],
    [
      'reader',
      ['labels', 'load', 'bike-demand', '--file', file],
      `GRANT SELECT, INSERT ON serving.label TO ${reader}`,
    ],
    ['loader', ['deploy', 'bike-demand'], `GRANT SELECT ON registry.experiment TO ${roleOf('loader')}`],
    ['trainer', [...load, '--to', '2011-06-01'], `GRANT CREATE ON SCHEMA features TO ${roleOf('trainer')}`],
  ] as const)('says to the %s which: %j', async (role, args, grant) => {
    const { code, stderr } = await as(role, ...args);
    expect(code).toBe(6);
    expect(stderr).toMatch(/^database_permission/m);
    expect(stderr).toContain(grant);
    expect(stderr).not.toMatch(/pass\b|\n\s+at /);
  });

  it('names the right to the database of one that may not even migrate', async () => {
    const stranger = `slipway_stranger_${suffix}`;
    await project.database.execute(`CREATE ROLE ${stranger} LOGIN PASSWORD 'pass'`);
    try {
      const url = new URL(project.url);
      [url.username, url.password] = [stranger, 'pass'];
      const { code, stderr } = await runCommand(project.folder, { DATABASE_URL: url.href }, ['status']);
      expect(code).toBe(6);
      expect(stderr).toContain(`GRANT USAGE ON SCHEMA slipway_migrations TO ${stranger}`);
    } finally {
      await project.database.execute(`DROP ROLE ${stranger}`);
    }
  });
});

describe('a sweep of what nothing needs', () => {
  it('tells the trainer what it dropped before it lacked a right, and is finished by the owner', async () => {
    const { database } = project;
    await database.execute("UPDATE training.dataset SET asked_at = asked_at - interval '90 days'");
    await database.execute("UPDATE training.dataset_use SET used_at = used_at - interval '90 days'");
    await database.execute('DELETE FROM registry.model_alias');
    await database.execute(`UPDATE registry.run SET start_time = start_time - ${90 * 86_400_000}`);
    const clean = ['clean', '--apply', '--keep-versions', '0', '--json'];
    const cut = await as('trainer', ...clean);
    expect(cut).toMatchObject({
      code: 6,
      stderr: expect.stringMatching(
        /6 of 6 tables dropped[^]*^database_permission: Not everything was swept/m,
      ),
    });
    const { details } = JSON.parse(cut.stdout) as { details: { report: { dropped: string[] } } };
    expect(details.report.dropped).toHaveLength(6);
    const done = await as('owner', ...clean);
    expect(done, done.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(done.stdout)).toMatchObject({ applied: true, dropped: [], failures: [] });
  });
});
