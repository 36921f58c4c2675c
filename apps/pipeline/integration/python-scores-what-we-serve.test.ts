import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pythonTypeOf, rowCells, type CellValue, type ModelSignature } from '@slipway/contracts';
import { readRegisteredModel } from '@slipway/deployment';
import { readFeatureFile, type FeatureTable } from '@slipway/features';
import { createMlflowClient } from '@slipway/registry-client';
import {
  ensureModelScorer,
  mlflowCacheFolder,
  mlflowReleases,
  startMlflowServer,
  type MlflowMajor,
  type MlflowTestServer,
} from '@slipway/registry-client/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import bikeHours from '../features/bike-hours.ts';
import diamonds from '../features/diamonds.ts';
import { createCliProject, patient, type CliProject } from './cli-project.ts';
import { documentedBlock, putInPlace } from './documented-commands.ts';
import { startServingApp, type ServingApp } from './serving-app.ts';

type Row = Record<string, CellValue>;

interface Case {
  readonly model: string;
  readonly table: FeatureTable;
  readonly file: string;
  /** Makes gaps and categories that no training row had. */
  readonly edit: (row: Row, place: number) => Row;
}

const sensors = ['temperature', 'feels_like', 'humidity', 'wind'];
const grades = ['cut', 'color', 'clarity'];
const cases: readonly Case[] = [
  {
    model: 'bike-demand',
    table: bikeHours,
    file: 'bike-hours.csv',
    edit: (row, place) => ({
      ...row,
      ...(place % 3 === 0 ? { [sensors[place % 4]!]: null } : {}),
      ...(place % 5 === 0 ? { weather: 'hail' } : {}),
      ...(place % 50 === 7 ? { weather: null } : {}),
    }),
  },
  {
    model: 'diamond-price',
    table: diamonds,
    file: 'diamonds.csv',
    edit: (row, place) => ({
      ...row,
      ...(place % 3 === 0 ? { [grades[(place % 9) / 3]!]: null } : {}),
      ...(place % 5 === 0 ? { color: 'Z' } : {}),
      ...(place % 50 === 7 ? { carat: null } : {}),
    }),
  },
];

describe.each(Object.keys(mlflowReleases) as MlflowMajor[])('models on MLflow %s', (major) => {
  let mlflow: MlflowTestServer;
  let project: CliProject;
  let serving: ServingApp;
  let python: string;

  beforeAll(async () => {
    const cacheFolder = mlflowCacheFolder(process.env);
    python = await ensureModelScorer(cacheFolder);
    mlflow = await startMlflowServer({ major, cacheFolder });
    project = await createCliProject({ MLFLOW_TRACKING_URI: mlflow.url });
    for (const { model, table, file } of cases) {
      await project.json(['features', 'load', table.name, '--file', `apps/pipeline/data/${file}`]);
      await project.json(['deploy', model]);
    }
    serving = await startServingApp({
      SLIPWAY_MODELS: cases.map(({ model }) => model).join(','),
      DATABASE_URL: project.url,
      MLFLOW_TRACKING_URI: mlflow.url,
      ...patient,
      SLIPWAY_CACHE_DIR: join(project.folder, 'serving'),
    });
  }, 900_000);
  afterAll(async () => {
    await serving.stop();
    await project.remove();
    await mlflow.stop();
  });

  it.each(cases)(
    '$model: Python predicts what the serving app answers',
    async ({ model, table, file, edit }) => {
      const name = `${model}-development`;
      const { inputs } = await readSignature(mlflow.url, name);
      const data = await readFeatureFile(table, { path: join(project.folder, 'apps/pipeline/data', file) });
      const rows = Array.from({ length: 1000 }, (_, place) =>
        edit(rowCells(data, (place * 53) % data.rowCount), place),
      );
      const scored = await scoreInPython(python, { mlflow, project, name, rows, inputs });
      const served = await askServingApp(serving, { model, rows, inputs }, scored);
      expect(served.filter((value) => value === null)).toHaveLength(20);
      expect(scored.map((value) => value === null)).toEqual(served.map((value) => value === null));
      const differences = served.map((value, row) =>
        value === null ? 0 : Math.abs(scored[row]! - value) / Math.abs(value),
      );
      expect(Math.max(...differences)).toBeLessThan(1e-9);
    },
  );

  it('docs/mlflow.md: its example predicts what the serving app answers', async () => {
    const example = putInPlace(await documentedBlock('mlflow.md', { language: 'python', begins: 'import' }), [
      ['http://127.0.0.1:5000', mlflow.url],
      // Digits that a frame does not print.
      [
        'print(model.predict(frame))',
        'print(model.predict(frame).to_json(orient="records", double_precision=15))',
      ],
    ]);
    const { stdout } = await promisify(execFile)(python, ['-c', example]);
    const [scored] = JSON.parse(stdout) as { rentals: number }[];
    const response = await fetch(`${serving.url}/invocations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'bike-demand', dataframe_records: [documentedRow] }),
    });
    const { predictions } = (await response.json()) as { predictions: number[] };
    expect(predictions).toEqual([expect.closeTo(scored!.rentals, 9)]);
  });
});

/** The row of the example in docs/mlflow.md. */
const documentedRow = {
  hour: 8,
  weekday: 2,
  workingday: true,
  holiday: false,
  month: 1,
  weather: 'clear',
  temperature: 3.5,
  feels_like: 1,
  humidity: 50,
  wind: 12,
};

/** The columns a registered model takes, from its artifact. */
async function readSignature(trackingUri: string, name: string): Promise<ModelSignature> {
  const registry = createMlflowClient({ trackingUri });
  const version = await registry.findVersionByAlias(name, 'production');
  return (await readRegisteredModel(registry, version!)).signature;
}

interface Asked {
  readonly rows: readonly Row[];
  readonly inputs: ModelSignature['inputs'];
}

/**
 * The rows that Python scored in one request, as one refused row refuses all, then each of the others alone: a refused row
 * is null.
 */
async function askServingApp(
  { url }: ServingApp,
  { model, rows, inputs }: Asked & { model: string },
  scored: readonly (number | null)[],
): Promise<(number | null)[]> {
  const records = rows.map((row) => Object.fromEntries(inputs.map(({ name }) => [name, row[name] ?? null])));
  const ask = async (some: typeof records): Promise<{ status: number; predictions: number[] }> => {
    const response = await fetch(`${url}/invocations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, dataframe_records: some }),
    });
    const { predictions = [] } = (await response.json()) as { predictions?: number[] };
    return { status: response.status, predictions };
  };
  const valid = await ask(records.filter((_, place) => scored[place] !== null));
  expect(valid.status).toBe(200);
  const answers: (number | null)[] = [];
  for (const [place, record] of records.entries()) {
    if (scored[place] !== null) {
      answers.push(valid.predictions.shift() ?? null);
      continue;
    }
    const alone = await ask([record]);
    expect([200, 400]).toContain(alone.status);
    answers.push(alone.predictions[0] ?? null);
  }
  return answers;
}

async function scoreInPython(
  python: string,
  {
    mlflow,
    project,
    name,
    rows,
    inputs,
  }: Asked & { mlflow: MlflowTestServer; project: CliProject; name: string },
): Promise<(number | null)[]> {
  const columns = inputs.map((input) => ({
    name: input.name,
    type: pythonTypeOf(input),
    values: rows.map((row) => row[input.name] ?? null),
  }));
  await project.write('rows.json', JSON.stringify(columns));
  const script = fileURLToPath(new URL('score-registered-model.py', import.meta.url));
  const args = [script, mlflow.url, `models:/${name}@production`, join(project.folder, 'rows.json')];
  const { stdout } = await promisify(execFile)(python, args, { maxBuffer: 1e8 });
  return JSON.parse(stdout) as (number | null)[];
}
