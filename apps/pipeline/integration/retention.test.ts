import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findDataset, listDatasets, verifyDataset } from '@slipway/datasets';
import type { DeployOutcome, InspectedDataset, ScoredRows } from '@slipway/deployment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliProject, type CliProject } from './cli-project.ts';

const model = 'apps/pipeline/models/bike-demand.ts';
const load = ['features', 'load', 'bike_hours', '--file', 'apps/pipeline/data/bike-hours.csv'];
const name = 'bike-demand-development';

interface CleanDocument {
  readonly applied: boolean;
  readonly dropped: readonly string[];
  readonly datasets: readonly { table: string; digest: string; action: string; reason: string }[];
}

let project: CliProject;
let [first, second]: DeployOutcome[] = [];

/** Versions 1 and 2, on other loads; 1 serves no more. */
beforeAll(async () => {
  project = await createCliProject();
  await project.edit(model, 'nEstimators: 100', 'nEstimators: 10');
  await project.json([...load, '--from', '2011-01-01', '--to', '2011-03-01']);
  first = await project.json<DeployOutcome>(['deploy', 'bike-demand']);
  await project.json([...load, '--from', '2011-03-01', '--to', '2011-05-01']);
  second = await project.json<DeployOutcome>(['retrain', 'bike-demand']);
});
afterAll(() => project.remove());

const tablesOf = async (outcome: DeployOutcome | undefined): Promise<(string | undefined)[]> =>
  Promise.all(
    (['train', 'test', 'predictions'] as const).map(
      async (kind) => (await findDataset(project.database, outcome?.digests?.[kind] ?? ''))?.table,
    ),
  );

/** As if nobody had asked for any dataset, and no run had begun, for so many days. */
async function age(days: number): Promise<void> {
  const by = `interval '${days} days'`;
  await project.database.execute(`UPDATE training.dataset SET asked_at = asked_at - ${by}`);
  await project.database.execute(`UPDATE training.dataset_use SET used_at = used_at - ${by}`);
  await project.database.execute(`UPDATE registry.run SET start_time = start_time - ${days * 86_400_000}`);
}

describe('slipway clean', () => {
  it('keeps everything that is young, and says so for each table', async () => {
    expect(second).toMatchObject({ outcome: 'promoted', version: '2' });
    const { applied, dropped, datasets } = await project.json<CleanDocument>([
      'clean',
      '--keep-versions',
      '0',
    ]);
    expect({ applied, dropped }).toEqual({ applied: false, dropped: [] });
    expect(datasets).toHaveLength(6);
    expect(datasets.every(({ action, reason }) => action === 'keep' && reason !== '')).toBe(true);
  });

  it('shows what it would drop, and drops nothing without --apply', async () => {
    await age(31);
    const { datasets } = await project.json<CleanDocument>(['clean', '--keep-versions', '1']);
    const reasons = new Map(datasets.map(({ digest, action, reason }) => [digest, `${action}: ${reason}`]));
    for (const digest of Object.values(first?.digests ?? {}).slice(0, 3))
      expect(reasons.get(digest)).toBe(`keep: alias previous of ${name}, version 1`);
    for (const digest of Object.values(second?.digests ?? {}).slice(0, 3))
      expect(reasons.get(digest)).toBe(`keep: alias production of ${name}, version 2`);
    await project.database.execute("DELETE FROM registry.model_alias WHERE alias = 'previous'");
    const dry = await project.json<CleanDocument>(['clean', '--keep-versions', '1']);
    expect(dry.datasets.filter(({ action }) => action === 'drop')).toHaveLength(3);
    expect(await tablesOf(first)).not.toContain(undefined);
    const kept = await project.json<CleanDocument>(['clean']);
    expect(kept.datasets.find(({ digest }) => digest === first?.digests?.train)).toMatchObject({
      action: 'keep',
      reason: `among the newest 3 versions: ${name}, version 1`,
    });
  });

  it('drops nothing when the registry is away', async () => {
    const away = { MLFLOW_TRACKING_URI: 'http://127.0.0.1:9', MLFLOW_HTTP_REQUEST_TIMEOUT: '2' };
    await project.json(['clean', '--apply', '--keep-versions', '1'], 6, away);
    expect(await tablesOf(first)).not.toContain(undefined);
  });

  it('keeps what a run of another registry used, and what an unfinished run uses', async () => {
    const { database } = project;
    await database.execute(
      `INSERT INTO training.dataset_use VALUES ('${first?.digests?.train ?? ''}', 'of-another', '${name}', 'train', now() - interval '90 days')`,
    );
    await database.execute(
      `UPDATE registry.run SET status = 'RUNNING', end_time = NULL WHERE run_id = '${first?.runId ?? ''}'`,
    );
    const { datasets } = await project.json<CleanDocument>(['clean', '--keep-versions', '1']);
    const reasonOf = (digest: string | undefined): string | undefined =>
      datasets.find((entry) => entry.digest === digest)?.reason;
    expect(reasonOf(first?.digests?.test)).toBe(`used by run ${first?.runId ?? ''}, which is not finished`);
    await database.execute(
      `UPDATE registry.run SET status = 'FINISHED' WHERE run_id = '${first?.runId ?? ''}'`,
    );
    const again = await project.json<CleanDocument>(['clean', '--keep-versions', '1']);
    expect(again.datasets.find(({ digest }) => digest === first?.digests?.train)).toMatchObject({
      action: 'keep',
      reason: 'used by run of-another, which this registry does not know',
    });
    await database.execute("DELETE FROM training.dataset_use WHERE run_id = 'of-another'");
  });

  it('drops with --apply what nothing needs, and keeps the rest', async () => {
    const { dropped } = await project.json<CleanDocument>(['clean', '--apply', '--keep-versions', '1']);
    expect(dropped).toHaveLength(3);
    expect(await tablesOf(first)).toEqual([undefined, undefined, undefined]);
    const { stdout } = await project.run('clean', '--apply', '--keep-versions', '1');
    expect(stdout).toMatch(/^clean: everything is needed$/m);
    for (const { ref, swept } of await listDatasets(project.database))
      if (swept === null) await verifyDataset(project.database, ref);
    expect(await project.json(['plan', 'bike-demand'])).toMatchObject({ action: 'nothing' });
    const { dataset, decision } = await show(first?.digests?.train);
    expect(decision).toBeNull();
    expect(dataset.swept).toMatchObject({ by: 'ada' });
  });
});

const show = (digest: string | undefined): Promise<InspectedDataset> =>
  project.json(['datasets', 'show', digest ?? '']);

describe('slipway datasets', () => {
  it('shows where rows come from, as known when, split how, used by whom, and whether they may go', async () => {
    const { stdout } = await project.run('datasets', 'show', second?.digests?.train ?? '');
    expect(stdout).toContain('feature table bike_hours as known at load 2, loaded 20');
    expect(stdout).toContain('by group: 30 % of the values of "date" are test rows');
    expect(stdout).toContain(`${name} version 2 (production): train of run ${second?.runId ?? ''}`);
    expect(stdout).toContain(`no: alias production of ${name}, version 2`);
  });

  it('builds a swept table again to write it out: the same rows', async () => {
    const table = (await listDatasets(project.database)).find(
      ({ ref }) => ref.digest === first?.digests?.test,
    );
    const file = ['--file', 'test.csv'];
    const exported = await project.run('datasets', 'export', table?.ref.table ?? '', ...file);
    expect(exported.stdout).toContain('was swept: built again from its recipe, to the same digest');
    const text = await readFile(join(project.folder, 'test.csv'), 'utf8');
    expect(text.split('\n')).toHaveLength((table?.ref.rowCount ?? 0) + 2);
    const again = await project.run('datasets', 'export', table?.ref.table ?? '', ...file);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('file_unwritable') });
    await expect(access(join(project.folder, 'test.csv.part'))).rejects.toThrow();
  });

  it('refuses to build again what its source no longer gives, and says why', async () => {
    const { database } = project;
    await database.execute('UPDATE features.bike_hours SET wind = wind * 2 WHERE hour = 5 AND loaded_by = 1');
    const refused = await project.run(
      'datasets',
      'export',
      first?.digests?.train ?? '',
      '--file',
      'train.csv',
    );
    expect(refused).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/dataset_unrepeatable: .* its source changed since/),
    });
    await database.execute('UPDATE features.bike_hours SET wind = wind / 2 WHERE hour = 5 AND loaded_by = 1');
  });

  it('compares two of them by rows', async () => {
    const [earlier, later] = [first?.digests?.test ?? '', second?.digests?.test ?? ''];
    const diff = await project.json(['datasets', 'diff', earlier, later]);
    expect(diff).toMatchObject({ rowsOnlyInFirst: 0, keysChanged: 0, columnsOnlyInFirst: [] });
    const { stdout } = await project.run('datasets', 'diff', later, later);
    expect(stdout).toBe('no difference\n');
  });
});

describe('slipway deploy --datasets-of', () => {
  it('trains other parameters on exactly the data of an earlier version, swept or not, once', async () => {
    await project.edit(model, 'nEstimators: 10', 'nEstimators: 12');
    const { stdout } = await project.run('deploy', 'bike-demand', '--datasets-of', '1', '--json');
    const outcome = JSON.parse(stdout) as DeployOutcome;
    expect(outcome).toMatchObject({
      watermark: 1,
      digests: { train: first?.digests?.train, test: first?.digests?.test },
    });
    expect(await project.json(['deploy', 'bike-demand', '--datasets-of', '1'])).toMatchObject({
      outcome: 'nothing',
    });
  });

  it('is refused when the configuration takes other data, naming the change', async () => {
    await project.edit(model, 'seed: 2 }', 'seed: 3 }');
    const refused = await project.run('deploy', 'bike-demand', '--datasets-of', '1');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('split.seed 2 -> 3') });
    await project.edit(model, 'seed: 3 }', 'seed: 2 }');
  });
});

describe('slipway predict', () => {
  it('keeps a prediction for every row of a window, the same as the stored test predictions', async () => {
    const scored = await project.json<ScoredRows>([
      'predict',
      'bike-demand@2',
      '--from',
      '2011-04-01',
      '--into',
      'april',
    ]);
    const { database } = project;
    const [rows] = await database.query<{ rows: string; differing: string; compared: string }>(
      `SELECT (SELECT count(*) FROM features.bike_hours WHERE hour_start >= '2011-04-01' AND superseded_by IS NULL) AS rows,
         count(*) FILTER (WHERE april.predicted <> kept.predicted) AS differing, count(*) AS compared
       FROM april JOIN training."${(await tablesOf(second))[2] ?? ''}" AS kept USING (system, hour_start)`,
    );
    expect(scored.rows).toBe(Number(rows?.rows));
    expect(Number(rows?.compared)).toBeGreaterThan(100);
    expect(Number(rows?.differing)).toBe(0);
    const again = await project.json<ScoredRows>([
      'predict',
      'bike-demand@2',
      '--from',
      '2011-04-15',
      '--into',
      'april',
    ]);
    expect(again.replaced).toBe(again.rows);
    expect(await database.query('SELECT count(*)::int AS rows FROM april')).toEqual([{ rows: scored.rows }]);
  });

  it('refuses a table of another shape, a schema that is missing and names that are none', async () => {
    await project.database.execute('CREATE TABLE other (a int)');
    for (const [into, code] of [
      ['other', 3],
      ['no_such_schema.t', 2],
      ['Bad Name', 2],
    ] as const) {
      const result = await project.run('predict', 'bike-demand@2', '--into', into);
      expect([into, result.code]).toEqual([into, code]);
    }
  });
});

describe('slipway clean, of feature tables', () => {
  it('drops superseded rows that no kept dataset and no pinned deployment shows, and the reports that are over', async () => {
    const { database } = project;
    const wrong = (await project.read('apps/pipeline/data/bike-hours.csv'))
      .split('\n')
      .slice(0, 3)
      .map((line, row) => (row === 1 ? line.replace(/[^,]*$/, '-5') : line));
    await project.write('wrong.csv', wrong.join('\n'));
    await project.json(['features', 'load', 'bike_hours', '--file', 'wrong.csv'], 3);
    await database.execute("UPDATE features._reject SET keep_until = now() - interval '1 day'");
    // Load 3 corrects rows of load 1; the pinned watermark of the last deployment is load 1.
    const corrected = (await project.read('apps/pipeline/data/bike-hours.csv')).split('\n').slice(0, 4);
    await project.write(
      'corrected.csv',
      corrected.map((line, row) => (row === 0 ? line : line.replace(/[^,]*$/, '9'))).join('\n'),
    );
    await project.json(['features', 'load', 'bike_hours', '--file', 'corrected.csv']);
    await database.execute("UPDATE features._load SET loaded_at = loaded_at - interval '60 days'");
    interface Sweep {
      readonly rejects: number;
      readonly featureTables: readonly { table: string; keepFrom: number; rows: number }[];
    }
    const dry = await project.json<Sweep>(['clean', '--keep-versions', '1']);
    expect(dry.rejects).toBe(1);
    expect(dry.featureTables.find(({ table }) => table === 'bike_hours')).toEqual({
      table: 'bike_hours',
      keepFrom: 1,
      rows: 0,
    });
    expect(await database.query('SELECT FROM features._reject')).toHaveLength(1);
    await project.json(['clean', '--apply', '--keep-versions', '1']);
    expect(await database.query('SELECT FROM features._reject')).toHaveLength(0);
  });
});

describe('slipway features check', () => {
  it('says what a load would do and loads nothing', async () => {
    const before = await project.json(['features', 'status', 'bike_hours']);
    const check = await project.json([
      'features',
      'check',
      'bike_hours',
      '--file',
      'apps/pipeline/data/bike-hours.csv',
      '--to',
      '2011-05-02',
    ]);
    expect(check).toMatchObject({ violations: [], changes: { inserted: 24, updated: 3 } });
    const refused = await project.run('features', 'check', 'bike_hours', '--file', 'wrong.csv');
    expect(refused).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/rentals_range +1 .*\n.*would be refused whole/),
    });
    expect(await project.json(['features', 'status', 'bike_hours'])).toMatchObject([
      { ...(before as { rows: number }[])[0], freshness: expect.anything() },
    ]);
    expect(await project.json(['features', 'check', 'bike_hours'])).toMatchObject({ problems: [] });
  });

  it('finds a constraint that somebody dropped, and rows that are too old, which a retraining refuses', async () => {
    const table = 'apps/pipeline/features/bike-hours.ts';
    await project.edit(
      table,
      "eventTime: 'hour_start',",
      "eventTime: 'hour_start',\n  freshness: { hours: 24 },",
    );
    const stale = await project.run('features', 'check', 'bike_hours');
    expect(stale).toMatchObject({ code: 3, stdout: expect.stringContaining('limit 24 h') });
    const retrained = await project.run('retrain', 'bike-demand');
    expect(retrained).toMatchObject({ code: 3, stderr: expect.stringMatching(/^data_stale: .*bike_hours/m) });
    await project.edit(table, '\n  freshness: { hours: 24 },', '');
    await project.database.execute('ALTER TABLE features.bike_hours DROP CONSTRAINT humidity_range');
    const broken = await project.run('features', 'check', 'bike_hours');
    expect(broken).toMatchObject({ code: 3, stdout: expect.stringContaining('humidity_range') });
  });
});

describe('slipway erase', () => {
  const key = ['--key', 'system=capital-bikeshare', '--reason', 'a test'];

  it('shows what it would erase, and erases it with --apply from rows, datasets and labels', async () => {
    const { database } = project;
    await project.json([
      'labels',
      'load',
      'bike-demand',
      '--file',
      'apps/pipeline/data/bike-hours.csv',
      '--to',
      '2011-01-03',
    ]);
    const shown = await project.run('erase', 'bike_hours', ...key);
    expect(shown.stdout).toContain('key           {"system":"capital-bikeshare"}');
    expect(shown.stdout).toContain('not reached   tables of "slipway predict", exported files');
    const dry = await project.json<Record<string, unknown>>(['erase', 'bike_hours', ...key]);
    expect(dry).toMatchObject({ applied: false, labels: 47, models: [name] });
    const stored = (await listDatasets(database)).filter(({ swept }) => swept === null);
    expect(dry['datasets']).toHaveLength(stored.length);
    const erased = await project.json<Record<string, unknown>>(['erase', 'bike_hours', ...key, '--apply']);
    expect({ ...erased, applied: false }).toEqual(dry);
    expect((await listDatasets(database)).every(({ swept }) => swept !== null)).toBe(true);
    expect(await database.query('SELECT FROM features.bike_hours')).toEqual([]);
    expect(await database.query('SELECT FROM serving.label')).toEqual([]);
    const gone = await project.run('datasets', 'export', second?.digests?.train ?? '', '--file', 'gone.csv');
    expect(gone).toMatchObject({ code: 3, stderr: expect.stringContaining('rows were erased') });
    const again = await project.json<Record<string, unknown>>(['erase', 'bike_hours', ...key, '--apply']);
    expect(again).toMatchObject({ featureRows: 0, datasets: [], labels: 0 });
    const nobody = await project.run('erase', 'bike_hours', ...key, '--apply');
    expect(nobody.stdout).toContain('erase from bike_hours: nothing is there under this key');
  });
});
