import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  alertStateSchema,
  driftStateSchema,
  getNumericColumn,
  rowCells,
  takeRows,
  type ColumnBatch,
} from '@slipway/contracts';
import { findDataset, readDataset } from '@slipway/datasets';
import type { DeployOutcome, MonitorOutcome } from '@slipway/deployment';
import { mergeStates, type DriftVerdict } from '@slipway/drift';
import { readWindowResults } from '@slipway/drift/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import bikeHours from '../features/bike-hours.ts';
import bikeDemand from '../models/bike-demand.ts';
import { replayRows } from '../src/replay.ts';
import { createCliProject, type CliProject } from './cli-project.ts';
import { day, readBikes, seededRandom, shuffledIndexes, summer } from './test-deployment.ts';

// Expected ranges: fits of the same data with scikit-learn 1.9.1 and scipy 1.17, over 10 seeds and several splits.

const launcher = fileURLToPath(new URL('../../serving/bin/slipway-serving.js', import.meta.url));
const file = 'apps/pipeline/data/bike-hours.csv';
const halfYear = ['--from', '2011-01-01', '--to', '2011-07-01'];
const eightDays = 8 * 86_400_000_000;

type Monitored = Omit<MonitorOutcome, 'baseline' | 'state'> & { readonly report: string };

/** A project whose first version serves. */
interface ServedProject {
  readonly project: CliProject;
  readonly first: DeployOutcome;
  readonly url: string;
  /** Makes the log write what it holds. */
  flush(): Promise<void>;
  monitor(code: number): Promise<Monitored>;
  remove(): Promise<void>;
}

async function createServedProject(): Promise<ServedProject> {
  const project = await createCliProject();
  await project.json(['features', 'load', 'bike_hours', '--file', file, ...halfYear]);
  const deployed = await project.json<DeployOutcome | DeployOutcome[]>(['deploy', 'bike-demand']);
  const first = Array.isArray(deployed) ? deployed[0]! : deployed;
  const child = spawn(process.execPath, [launcher], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      DATABASE_URL: project.url,
      SLIPWAY_MODELS: 'bike-demand',
      SLIPWAY_CACHE_DIR: `${project.folder}/cache`,
      HOST: '127.0.0.1',
      PORT: '0',
      ADMIN_PORT: '0',
      POLL_MS: '60000',
    },
  });
  const { listening, admin } = await listeningPorts(child);
  return {
    project,
    first,
    url: `http://127.0.0.1:${listening}`,
    async flush() {
      const response = await fetch(`http://127.0.0.1:${admin}/admin/flush`, { method: 'POST' });
      expect(response.ok).toBe(true);
    },
    monitor: (code) => project.json<Monitored>(['monitor', 'bike-demand'], code),
    async remove() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await project.remove();
    },
  };
}

async function listeningPorts(child: ChildProcess): Promise<{ listening: number; admin: number }> {
  const lines = createInterface({ input: child.stdout! });
  const line = await new Promise<string>((resolve) => lines.once('line', resolve));
  return JSON.parse(line) as { listening: number; admin: number };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

describe('monitoring July to September against January to June', () => {
  let served: ServedProject;
  let rows: ColumnBatch;
  let series: { registeredName: string; version: string; runId: string };
  // 20 rows of the third week come late.
  const late = range(2 * 168 + 10, 2 * 168 + 30);

  beforeAll(async () => {
    served = await createServedProject();
    rows = await readBikes(summer);
    series = { registeredName: 'bike-demand-development', version: '1', runId: served.first.runId! };
  });
  afterAll(() => served.remove());

  async function replay(places: readonly number[]): Promise<void> {
    const { failed } = await replayRows({
      url: served.url,
      model: 'bike-demand',
      table: bikeHours,
      features: bikeDemand.features,
      rows: takeRows(rows, places),
      fetch,
      onProgress: () => undefined,
    });
    expect(failed).toBe(0);
    await served.flush();
  }

  it('without predictions has no verdict and exits 0', async () => {
    const monitored = await served.monitor(0);
    expect(monitored).toMatchObject({ outcome: 'insufficient', rows: 0, windows: [], liveRmse: null });
    expect(monitored.reason).toBe('no predictions have arrived yet');
  });

  it('drifts in week 1, alerts in week 2 and exits 5', async () => {
    await replay(range(0, 168));
    const one = await served.monitor(0);
    expect(one).toMatchObject({ outcome: 'ok', rows: 168, labelled: 0, liveRmse: null });
    expect(one.windows.map(({ verdict }) => verdict.outcome)).toEqual(['drift']);
    expect(one.windows[0]).toMatchObject({ to: null, isClosed: false, alert: { firing: false } });

    await replay(range(168, rows.rowCount).filter((place) => !late.includes(place)));
    const all = await served.monitor(5);
    expect(all).toMatchObject({
      model: 'bike-demand',
      ...series,
      outcome: 'alert',
      rows: rows.rowCount - 20,
    });
    expect(all.windows.slice(0, 2).map(({ verdict }) => verdict.outcome)).toEqual(['drift', 'drift']);
    expect(all.windows.slice(0, 2).map(({ alert }) => alert.firing)).toEqual([false, true]);
    expect(all.windows.at(-1)!.alert).toMatchObject({ firing: true });
    expect(all.reason).toMatch(
      /^the newest \d+ full windows drift \(PSI 0\.\d\d to 0\.\d\d\), live error unknown/,
    );
    const verdicts = all.windows.map(({ verdict }) => verdict).filter(isFull);
    expect(verdicts.length).toBeGreaterThanOrEqual(12);
    expect(verdicts.filter(({ outcome }) => outcome === 'drift').length).toBeGreaterThanOrEqual(
      verdicts.length - 1,
    );
    for (const { prediction } of verdicts) {
      expect(prediction.psi).toBeGreaterThan(0.15);
      expect(prediction.psi).toBeLessThan(0.8);
      expect(prediction.pValue).toBeLessThan(0.001);
    }
    const moved = all.overall.features.filter(({ isDrifted }) => isDrifted).map(({ name }) => name);
    expect(moved).toEqual(expect.arrayContaining(['month', 'temperature', 'feels_like']));
    expect(moved).not.toContain('hour');
  });

  it('counts late rows where they belong and moves no other window', async () => {
    const before = await served.monitor(5);
    await replay(late);
    const after = await served.monitor(5);
    const frames = ({ windows }: Monitored): unknown[] =>
      windows.map(({ from, to, isClosed }) => ({ from, to, isClosed }));
    expect(frames(after)).toEqual(frames(before));
    const grown = after.windows.map((window, index) => window.rows - before.windows[index]!.rows);
    expect(grown).toEqual(after.windows.map((_, index) => (index === 2 ? 20 : 0)));
    for (const [index, window] of after.windows.entries()) {
      if (index === 2) continue;
      expect(window.verdict).toEqual(before.windows[index]!.verdict);
    }
  });

  it('knows the live error where labels have arrived, and how many have', async () => {
    const august = ['--from', '2011-07-01', '--to', '2011-09-01'];
    await served.project.json(['labels', 'load', 'bike-demand', '--file', file, ...august]);
    const part = await served.monitor(5);
    const times = getNumericColumn(rows, 'hour_start').values;
    expect(part.labelled).toBe(times.filter((time) => time < day('2011-09-01')).length);
    expect(part.windows[0]).toMatchObject({ labelled: part.windows[0]!.rows });
    expect(part.windows.at(-1)).toMatchObject({ labelled: 0, liveRmse: null });

    await served.project.json([
      'labels',
      'load',
      'bike-demand',
      '--file',
      file,
      '--from',
      '2011-09-01',
      '--to',
      '2011-10-01',
    ]);
    const all = await served.monitor(5);
    expect(all).toMatchObject({ labelled: rows.rowCount, rows: rows.rowCount });
    const ratio = all.liveRmse! / all.testRmse!;
    expect(ratio).toBeGreaterThan(1.2);
    expect(ratio).toBeLessThan(2);
    expect(all.testRmse).toBe(served.first.metrics!['rmse']);
    expect(all.liveRmse).toBeGreaterThan(49);
    expect(all.liveRmse).toBeLessThan(57);
    expect(all.reason).toContain(`live RMSE ${ratio.toFixed(1)} times test`);
  });

  it('keeps the windows: end to end, mergeable, with the alert after each', async () => {
    const { windows } = await served.monitor(5);
    const stored = await readWindowResults(served.project.database, series);
    expect(stored.map(({ from, to, isClosed }) => ({ from, to, isClosed }))).toEqual(
      windows.map(({ from, to, isClosed }) => ({ from, to, isClosed })),
    );
    windows.slice(1).forEach(({ from }, index) => expect(windows[index]!.to).toBe(from));
    expect(windows[0]!.from).toBe(summer.from);
    for (const { from, to } of windows.slice(0, 7)) expect(to! - from).toBeLessThanOrEqual(eightDays);
    for (const [index, { state, alert, outcome }] of stored.entries()) {
      expect(driftStateSchema.parse(state).rowCount).toBe(windows[index]!.rows);
      expect(alertStateSchema.parse(alert)).toEqual(windows[index]!.alert);
      expect(outcome).toBe(windows[index]!.verdict.outcome);
    }
    const whole = stored.map(({ state }) => state).reduce(mergeStates);
    expect(whole.rowCount).toBe(rows.rowCount);
  });

  it('keeps what was counted when the log has lost rows of a closed window', async () => {
    const before = await served.monitor(5);
    const cut = before.windows[3]!.from;
    await served.project.database.execute(
      `DELETE FROM serving.prediction WHERE event_time < timestamptz 'epoch' + $1::bigint * interval '1 microsecond'`,
      [cut],
    );
    const after = await served.monitor(5);
    expect(after.windows).toEqual(before.windows);
    expect(after.liveRmse).toBeCloseTo(before.liveRmse!, 9);
  });

  it('says in the terminal why, before the whole period', async () => {
    const { stdout, code } = await served.project.run('monitor', 'bike-demand');
    expect(code).toBe(5);
    expect(stdout).toMatch(
      /\n {2}alert: the newest \d+ full windows drift .*moved most: month, temperature, feels_like\n/,
    );
    expect(stdout.indexOf('alert: the newest')).toBeLessThan(
      stdout.indexOf('over all windows: 2192 predictions'),
    );
    expect(stdout).toMatch(/live RMSE [\d.]+ bikes on 2192 of 2192 rows/);
    const report = await served.project.read((await served.monitor(5)).report);
    expect(report).toContain('The newest');
    expect(report).toContain('Live RMSE, bikes, by window');
  });
});

function isFull({ outcome }: DriftVerdict): boolean {
  return outcome !== 'insufficient';
}

describe('monitoring held-out rows of January to June, in random order', () => {
  let served: ServedProject;
  beforeAll(async () => {
    served = await createServedProject();
  });
  afterAll(() => served.remove());

  it('raises no alert', async () => {
    const { database } = served.project;
    const test = await findDataset(database, served.first.digests!.test);
    const heldOut = await readDataset(database, test!, { orderBy: ['hour_start'] });
    const order = shuffledIndexes(heldOut.rowCount, seededRandom(20_110_101));
    for (const place of order) await send(rowCells(heldOut, place));
    await served.flush();
    const monitored = await served.monitor(0);
    expect(monitored).toMatchObject({ outcome: 'ok', rows: heldOut.rowCount, labelled: 0 });
    const full = monitored.windows.map(({ verdict }) => verdict).filter(isFull);
    expect(full.length).toBeGreaterThanOrEqual(7);
    expect(full.filter(({ outcome }) => outcome === 'drift')).toEqual([]);
    expect(monitored.windows.filter(({ alert }) => alert.firing)).toEqual([]);
    expect(monitored.overall.outcome).toBe('ok');
  });

  it('says that labels have arrived, and what the requests lacked', async () => {
    await served.project.json(['labels', 'load', 'bike-demand', '--file', file, '--to', '2011-01-15']);
    const { stdout } = await served.project.run('monitor', 'bike-demand');
    expect(stdout).toMatch(
      /live error unknown: \d+ labels have arrived, none matches .*"entity_key" and "event_time"/,
    );
  });

  /** Without event time, so that the log takes the order of receipt. */
  async function send(cells: Readonly<Record<string, unknown>>): Promise<void> {
    const record = Object.fromEntries(bikeDemand.features.map((name) => [name, cells[name]]));
    const response = await fetch(`${served.url}/invocations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'bike-demand', dataframe_records: [record] }),
    });
    expect(response.ok).toBe(true);
    await response.arrayBuffer();
  }
});
