import { join } from 'node:path';
import { rowCells, selectColumns, takeRows } from '@slipway/contracts';
import { connectDatabase, databaseMigrations, migrate, withLease } from '@slipway/database';
import type { DeployOutcome, MonitorOutcome } from '@slipway/deployment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import bikeDemand from '../models/bike-demand.ts';
import { createCliProject, runCommand, type CliProject } from './cli-project.ts';
import { findPgbouncer, startPgbouncer, type Pooler } from './pgbouncer.ts';
import { startServingApp } from './serving-app.ts';
import { day, readBikes } from './test-deployment.ts';

const program = findPgbouncer();
if (program === undefined) console.log('skipped: pgbouncer is not installed');
const file = join('apps', 'pipeline', 'data', 'bike-hours.csv');

describe.skipIf(program === undefined)('through PgBouncer in transaction mode', () => {
  let project: CliProject;
  let pooler: Pooler;

  beforeAll(async () => {
    project = await createCliProject();
    await project.edit('apps/pipeline/models/bike-demand.ts', 'nEstimators: 100', 'nEstimators: 5');
    pooler = await startPgbouncer(program!, project.url);
  });
  afterAll(async () => {
    await pooler.stop();
    await project.remove();
  });

  async function documentOf<T>(args: readonly string[], codes: readonly number[] = [0]): Promise<T> {
    const result = await runCommand(project.folder, { DATABASE_URL: pooler.url, USER: 'ada' }, [
      ...args,
      '--json',
    ]);
    expect(codes, result.stderr).toContain(result.code);
    return JSON.parse(result.stdout) as T;
  }

  it('several first commands at once migrate once', async () => {
    const names = ['status', 'plan', 'status', 'plan'];
    await Promise.all(names.map((name) => documentOf([name])));
    const applied = await project.database.query<{ times: number }>(
      'SELECT count(*)::int AS times FROM slipway_migrations.features GROUP BY hash',
    );
    expect(applied.length).toBeGreaterThan(0);
    for (const { times } of applied) expect(times).toBe(1);
  });

  it('features are loaded, a model is deployed and retrained', async () => {
    const load = ['features', 'load', 'bike_hours', '--file', file];
    expect(await documentOf([...load, '--to', '2011-03-01'])).toMatchObject({ outcome: 'loaded' });
    const first = await documentOf<DeployOutcome>(['deploy', 'bike-demand']);
    expect(first).toMatchObject({ outcome: 'promoted', version: '1' });
    await documentOf([...load, '--to', '2011-04-01']);
    const second = await documentOf<DeployOutcome>(['retrain', 'bike-demand']);
    expect(['promoted', 'kept']).toContain(second.outcome);
    expect(await documentOf(['deploy', 'bike-demand'])).toMatchObject({
      outcome: expect.stringMatching(/nothing|held/),
    });
  });

  it('the serving app follows, answers and keeps its log, and monitoring reads it', async () => {
    const app = await startServingApp({
      DATABASE_URL: pooler.url,
      SLIPWAY_MODELS: 'bike-demand',
      SLIPWAY_CACHE_DIR: join(project.folder, 'serving'),
    });
    try {
      const rows = takeRows(
        await readBikes({ from: day('2011-04-01'), to: day('2011-05-01') }),
        [0, 1, 2, 3],
      );
      const features = selectColumns(rows, bikeDemand.features);
      const post = (row: number): Promise<Response> =>
        fetch(`${app.url}/invocations`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ dataframe_records: [rowCells(features, row)] }),
        });
      const statuses = await Promise.all([0, 1, 2, 3].map(async (row) => (await post(row)).status));
      expect(statuses, app.log()).toEqual([200, 200, 200, 200]);
      const stored = async (): Promise<unknown> =>
        (await project.database.query('SELECT count(*)::int AS rows FROM serving.prediction'))[0];
      await expect.poll(stored, { timeout: 20_000, interval: 50 }).toEqual({ rows: 4 });
    } finally {
      expect(await app.stop()).toBe(0);
    }
    const monitored = await documentOf<MonitorOutcome>(['monitor', 'bike-demand'], [0, 5]);
    expect(monitored.rows).toBe(4);
  });

  it('a lease excludes others although their sessions are shared', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => connectDatabase({ url: pooler.url })));
    await migrate(one!, databaseMigrations);
    await withLease(one!, { name: 'pooled', holder: 'one' }, async (lease) => {
      const taken = withLease(other!, { name: 'pooled', holder: 'other' }, () => Promise.resolve());
      await expect(taken).rejects.toMatchObject({ code: 'lease_held' });
      await one!.transaction((transaction) => lease.fence(transaction));
    });
    await withLease(other!, { name: 'pooled', holder: 'other' }, () => Promise.resolve());
    await Promise.all([one!.close(), other!.close()]);
  });

  it('a transaction is READ COMMITTED, whatever the default of the session that it gets', async () => {
    const database = await connectDatabase({ url: pooler.url });
    // Both sessions of the pooler: each is held for a moment.
    const inBoth = (sql: string): Promise<unknown[]> =>
      Promise.all(
        [1, 2].map(() =>
          database.transaction(async (transaction) => {
            const [row] = await transaction.query(sql);
            await transaction.query('SELECT pg_sleep(0.2)');
            return row;
          }),
        ),
      );
    await inBoth("SET default_transaction_isolation = 'serializable'");
    const asked = `SELECT current_setting('default_transaction_isolation') AS default, current_setting('transaction_isolation') AS level`;
    const found = { default: 'serializable', level: 'read committed' };
    expect(await inBoth(asked)).toEqual([found, found]);
    await inBoth('RESET default_transaction_isolation');
    await database.close();
  });

  it('nothing is left in the sessions that the pooler hands on', async () => {
    const database = await connectDatabase({ url: pooler.url });
    const left = await database.query(
      `SELECT name AS what FROM pg_prepared_statements WHERE name <> ''
       UNION ALL SELECT objid::text FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       UNION ALL SELECT nspname FROM pg_namespace JOIN pg_class ON relnamespace = pg_namespace.oid WHERE nspname LIKE 'pg_temp%'`,
    );
    expect(left).toEqual([]);
    await database.close();
  });
});
