import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  batchFromRows,
  getNumericColumn,
  pythonTypeOf,
  rowCells,
  selectColumns,
  SlipwayError,
  takeRows,
  type CellValue,
  type ColumnBatch,
  type ModelSignature,
} from '@slipway/contracts';
import type { ModelDefinition } from '@slipway/deployment';
import { readFeatureFile, type FeatureTable } from '@slipway/features';
import {
  applyPreprocessing,
  artifactFileNames,
  fitPreprocessing,
  predictModel,
  preprocessingSchema,
  pythonVersion,
  readArtifact,
  writeArtifact,
  type FittedModel,
  type PreprocessingStep,
} from '@slipway/models';
import { renderMlmodel } from '@slipway/registry-client';
import { ensureModelScorer, mlflowCacheFolder } from '@slipway/registry-client/testing';
import { estimatorSchema, trainModel } from '@slipway/training';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const scorer = pathOf('score-with-mlflow.py');

let python: string;
let folder: string;
beforeAll(async () => {
  python = await ensureModelScorer(mlflowCacheFolder(process.env));
  folder = await mkdtemp(join(tmpdir(), 'slipway-python-'));
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A configuration of the pipeline app, imported by path as the command line does. */
async function importDefault<T>(path: string): Promise<T> {
  return ((await import(new URL(`../../apps/pipeline/${path}`, import.meta.url).href)) as { default: T })
    .default;
}

interface Demo {
  readonly fitted: FittedModel;
  readonly features: ColumnBatch;
}

/** Trains a demo model on its data file, without splitting it. */
async function trainDemo(model: string, table: string, data: string): Promise<Demo> {
  const definition = await importDefault<ModelDefinition>(`models/${model}.ts`);
  const featureTable = await importDefault<FeatureTable>(`features/${table}.ts`);
  const batch = await readFeatureFile(featureTable, { path: pathOf(`../../apps/pipeline/data/${data}`) });
  const features = selectColumns(batch, definition.features);
  const { preprocessing, estimator, targetTransform } = definition;
  const target = getNumericColumn(batch, definition.target).values;
  const targetName = definition.target;
  const fitted = await trainModel({
    preprocessing,
    estimator,
    targetTransform,
    features,
    target,
    targetName,
  });
  return { fitted, features };
}

/** The directory that a registry gives to Python: the artifact with its `MLmodel`. */
async function writeModelDirectory(name: string, { fitted, features }: Demo): Promise<string> {
  const { files, digest } = writeArtifact(fitted, { inputExample: takeRows(features, [0, 1, 2]) });
  const directory = await mkdtemp(join(folder, name));
  const mlmodel = renderMlmodel({
    signature: fitted.signature,
    files: artifactFileNames,
    modelId: `m-${'7'.repeat(32)}`,
    runId: '0'.repeat(32),
    createdAt: 0,
    sizeBytes: 1,
    pythonVersion,
    lineage: { artifactDigest: digest, gitCommit: '0123456', datasets: { train: '1e5' } },
  });
  for (const { path, content } of files) await writeFile(join(directory, path), content);
  await writeFile(join(directory, 'MLmodel'), mlmodel);
  expect(predictModel(readArtifact(files), features)).toEqual(predictModel(fitted, features));
  return directory;
}

type Row = Record<string, CellValue>;

/** Every 53rd row or so of the data, edited. */
function pickRows({ features }: Demo, edit: (row: Row, place: number) => Row): Row[] {
  return Array.from({ length: 1000 }, (_, place) =>
    edit(rowCells(features, (place * 53) % features.rowCount), place),
  );
}

/** One prediction per row; null where the model refuses the row. */
function predictRows({ signature, ...model }: FittedModel, rows: readonly Row[]): (number | null)[] {
  return rows.map((row) => {
    try {
      return predictModel({ signature, ...model }, batchFromRows([row], signature.inputs))[0]!;
    } catch (error) {
      if (SlipwayError.isInstance(error) && error.code === 'value_unsupported') return null;
      throw error;
    }
  });
}

interface Scored {
  readonly columns: string[];
  readonly predictions: (number | null)[];
  readonly example: number[];
  readonly served: number[];
  readonly metadata: unknown;
}

async function scoreInPython(directory: string, model: FittedModel, rows: readonly Row[]): Promise<Scored> {
  await writeRows(directory, model, rows);
  const [scored] = await scoreDirectories([directory]);
  return scored!;
}

async function scoreDirectories(directories: readonly string[]): Promise<Scored[]> {
  const { stdout } = await run(python, [scorer, ...directories], { maxBuffer: 1e9 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Scored);
}

async function writeRows(directory: string, { signature }: FittedModel, rows: readonly Row[]): Promise<void> {
  const columns = signature.inputs.map((input) => ({
    name: input.name,
    type: pythonTypeOf(input),
    values: rows.map((row) => row[input.name] ?? null),
  }));
  await writeFile(`${directory}.rows.json`, JSON.stringify(columns));
}

function largestDifference(ours: readonly (number | null)[], theirs: readonly (number | null)[]): number {
  expect(theirs.map((value) => value === null)).toEqual(ours.map((value) => value === null));
  const differences = ours.map((value, row) =>
    value === null ? 0 : Math.abs(theirs[row]! - value) / Math.abs(value),
  );
  return Math.max(...differences);
}

describe('mlflow.pyfunc.load_model predicts what we predict', () => {
  it('bike-demand: a forest, bit for bit, with gaps and weather that was never seen', async () => {
    const demo = await trainDemo('bike-demand', 'bike-hours', 'bike-hours.csv');
    const sensors = ['temperature', 'feels_like', 'humidity', 'wind'];
    const rows = pickRows(demo, (row, place) => ({
      ...row,
      ...(place % 3 === 0 ? { [sensors[place % 4]!]: null } : {}),
      ...(place % 5 === 0 ? { weather: 'hail' } : {}),
      ...(place % 50 === 7 ? { weather: null } : {}),
    }));
    const ours = predictRows(demo.fitted, rows);
    expect(ours.filter((value) => value === null)).toHaveLength(20);
    const directory = await writeModelDirectory('bike-demand', demo);
    const { predictions, example, served, columns, metadata } = await scoreInPython(
      directory,
      demo.fitted,
      rows,
    );
    expect(largestDifference(ours, predictions)).toBe(0);
    expect(columns).toEqual(['rentals']);
    const examples = [...predictModel(demo.fitted, takeRows(demo.features, [0, 1, 2]))];
    expect({ example, served }).toEqual({ example: examples, served: examples });
    expect(metadata).toMatchObject({ slipway: { git_commit: '0123456', datasets: { train: '1e5' } } });
  });

  it('diamond-price: a linear model of logarithms, to 1e-9, with gaps and grades that were never seen', async () => {
    const demo = await trainDemo('diamond-price', 'diamonds', 'diamonds.csv');
    const grades = ['cut', 'color', 'clarity'];
    const rows = pickRows(demo, (row, place) => ({
      ...row,
      ...(place % 3 === 0 ? { [grades[(place % 9) / 3]!]: null } : {}),
      ...(place % 5 === 0 ? { color: 'Z' } : {}),
      ...(place % 50 === 7 ? { carat: null } : {}),
    }));
    const ours = predictRows(demo.fitted, rows);
    expect(ours.filter((value) => value === null)).toHaveLength(20);
    const directory = await writeModelDirectory('diamond-price', demo);
    const { predictions, example, served } = await scoreInPython(directory, demo.fitted, rows);
    expect(largestDifference(ours, predictions)).toBeLessThan(1e-9);
    const examples = [...predictModel(demo.fitted, takeRows(demo.features, [0, 1, 2]))];
    expect(largestDifference(examples, example)).toBeLessThan(1e-9);
    expect(largestDifference(examples, served)).toBeLessThan(1e-9);
  });

  /** Every step; then what a linear model cannot have (columns of one value) is dropped. */
  const bikeSteps = [
    { step: 'impute', columns: ['weather'], with: 'mostFrequent', indicator: true },
    { step: 'oneHot', columns: ['weather'], dropFirst: true, unseen: 'ignore' },
    { step: 'ordinal', columns: ['system'], order: ['capital-bikeshare'], unseen: 'after' },
    { step: 'impute', columns: ['temperature'], with: 'median', indicator: true },
    { step: 'impute', columns: ['feels_like'], with: 'mean' },
    { step: 'impute', columns: ['humidity'], with: { constant: 50 } },
    { step: 'impute', columns: ['wind'], with: 'mostFrequent' },
    { step: 'ratio', numerator: 'temperature', denominator: 'humidity', as: 'dryness' },
    { step: 'impute', columns: ['dryness'], with: { constant: 0 } },
    { step: 'product', columns: ['wind', 'temperature'], as: 'chill' },
    {
      step: 'dateParts',
      columns: ['hour_start'],
      parts: ['year', 'month', 'dayOfMonth', 'dayOfYear', 'weekday', 'hour', 'minute'],
    },
    { step: 'cyclic', columns: ['hour_start_hour'], period: 24 },
    { step: 'clip', columns: ['feels_like'], lower: -5, upper: 35 },
    { step: 'winsorise', columns: ['chill'], lower: 0.02, upper: 0.98 },
    { step: 'bin', columns: ['humidity'], by: { quantiles: 5 } },
    { step: 'minMax', columns: ['temperature'] },
    { step: 'log1p', columns: ['wind'] },
    { step: 'standardise', columns: ['chill'] },
    { step: 'log', columns: ['hour_start_dayOfYear'] },
    { step: 'drop', columns: ['system', 'hour_start_year', 'hour_start_minute', 'weather_missing', 'month'] },
  ] as const;
  const diamondSteps = [
    { step: 'impute', columns: ['cut', 'color', 'clarity'], with: 'mostFrequent' },
    {
      step: 'ordinal',
      columns: ['cut'],
      order: ['Fair', 'Good', 'Very Good', 'Premium', 'Ideal'],
      unseen: 'after',
    },
    { step: 'oneHot', columns: ['color', 'clarity'], dropFirst: true, unseen: 'ignore' },
    { step: 'impute', columns: ['depth'], with: 'mean', indicator: true },
    { step: 'ratio', numerator: 'length', denominator: 'width', as: 'shape' },
    { step: 'impute', columns: ['shape'], with: 'median', indicator: true },
    { step: 'product', columns: ['length', 'width', 'height'], as: 'volume' },
    { step: 'winsorise', columns: ['volume'] },
    { step: 'log1p', columns: ['volume'] },
    { step: 'clip', columns: ['table'], lower: 50, upper: 70 },
    { step: 'bin', columns: ['depth'], by: { edges: [58, 60, 62, 64] } },
    { step: 'standardise', columns: ['table'] },
    { step: 'minMax', columns: ['height'] },
    { step: 'log', columns: ['carat'] },
    { step: 'log1p', columns: ['width'] },
    { step: 'bin', columns: ['width'], by: { quantiles: 9 } },
  ] as const;

  /** Those of one column need the others dropped; the column is above 0, as logarithms want it. */
  const families: readonly (readonly [object, isCurve: boolean])[] = [
    [{ family: 'random-forest', seed: 1, params: { nEstimators: 10, maxDepth: 12 } }, false],
    [{ family: 'random-forest', seed: 1, params: { nEstimators: 10, selectionMethod: 'median' } }, false],
    [{ family: 'linear' }, false],
    [{ family: 'mean' }, false],
    [{ family: 'polynomial', params: { degree: 4 } }, true],
    [{ family: 'robust-polynomial', seed: 1, params: { degree: 2, draws: 20 } }, true],
    [{ family: 'power' }, true],
    [{ family: 'exponential' }, true],
    [{ family: 'theil-sen', seed: 1, params: { maxPairs: 10_000 } }, true],
  ];

  it.each([
    [
      'bike-hours',
      'rentals',
      bikeSteps,
      ['date'],
      'humidity',
      ['temperature', 'feels_like', 'humidity', 'wind'],
      'weather',
    ],
    ['diamonds', 'price', diamondSteps, ['stone'], 'height', ['depth'], 'color'],
  ] as const)(
    '%s: every family behind every step',
    async (table, target, steps, left, curveOf, gaps, text) => {
      const definition = await importDefault<FeatureTable>(`features/${table}.ts`);
      const batch = await readFeatureFile(definition, {
        path: pathOf(`../../apps/pipeline/data/${table}.csv`),
      });
      const names = Object.keys(definition.columns).filter(
        (name) => name !== target && !(left as readonly string[]).includes(name),
      );
      const complete = {
        features: selectColumns(batch, names),
        target: getNumericColumn(batch, target).values,
      };
      const features = withGaps(complete.features, gaps);
      // Curves of logarithms need a target above 0.
      const goal = complete.target.map((value) => value + 1);
      const directories: string[] = [];
      const expected: (number | null)[][] = [];
      for (const [estimator, isCurve] of families) {
        const kept = preprocessingSchema.parse(steps);
        const preprocessing = isCurve
          ? [
              ...kept,
              { step: 'drop' as const, columns: allBut(kept, features, curveOf) },
              ...positive(curveOf),
            ]
          : kept;
        const parsed = estimatorSchema.parse(estimator);
        const fitted = await trainModel({
          preprocessing,
          estimator: parsed,
          features,
          target: goal,
          targetName: 'y',
        });
        const demo = { fitted, features };
        const rows = pickRows(demo, (row, place) => ({
          ...row,
          ...(place % 3 === 0 ? { [gaps[place % gaps.length]!]: null } : {}),
          ...(place % 5 === 0 ? { [text]: 'never seen' } : {}),
          ...(place % 7 === 0 ? { [text]: null } : {}),
        }));
        const directory = await writeModelDirectory(parsed.family, demo);
        await writeRows(directory, fitted, rows);
        directories.push(directory);
        expected.push(predictRows(fitted, rows));
      }
      const scored = await scoreDirectories(directories);
      scored.forEach(({ predictions }, place) => {
        expect(expected[place]!.filter((value) => value === null).length).toBeLessThan(10);
        expect(
          largestDifference(expected[place]!, predictions),
          JSON.stringify(families[place]),
        ).toBeLessThan(1e-9);
      });
    },
    300_000,
  );

  /** Every 11th row without a value in these columns. */
  function withGaps({ rowCount, columns }: ColumnBatch, names: readonly string[]): ColumnBatch {
    return {
      rowCount,
      columns: columns.map((column) =>
        column.type === 'string' || !names.includes(column.name)
          ? column
          : { ...column, values: column.values.map((value, row) => (row % 11 === 3 ? NaN : value)) },
      ),
    };
  }

  function allBut(steps: readonly PreprocessingStep[], features: ColumnBatch, name: string): string[] {
    const made = applyPreprocessing(fitPreprocessing(steps, features), features).names;
    return made.filter((other) => other !== name);
  }

  /** Above 0 and near 1. */
  function positive(column: string): PreprocessingStep[] {
    return preprocessingSchema.parse([
      { step: 'minMax', columns: [column] },
      { step: 'clip', columns: [column], lower: 0.01 },
    ]);
  }

  const inputs: ModelSignature['inputs'] = [
    { name: 'double', type: 'double', nullable: false },
    { name: 'long', type: 'long', nullable: false },
    { name: 'boolean', type: 'boolean', nullable: false },
    { name: 'datetime', type: 'datetime', nullable: false },
    { name: 'maybe long', type: 'long', nullable: true },
    { name: 'maybe boolean', type: 'boolean', nullable: true },
    { name: 'maybe datetime', type: 'datetime', nullable: true },
    { name: 'température', type: 'string', nullable: true },
  ];
  const values: Row = {
    double: 0.1,
    long: 2 ** 53 - 1,
    boolean: true,
    datetime: 1.7e15,
    'maybe long': 7,
    'maybe boolean': true,
    'maybe datetime': 1.6e15,
    température: 'été',
  };

  /** A model that counts its columns in, with NULL filled where it may be, to the bit. */
  function typedDemo(columns: ModelSignature['inputs']): Demo {
    const nullable = columns.filter((column) => column.nullable && column.type !== 'string');
    const texts = columns.filter(({ type }) => type === 'string').map(({ name }) => name);
    const output = { name: 'y', type: 'double' } as const;
    const fitted: FittedModel = {
      formatVersion: 1,
      signature: { formatVersion: 1, inputs: columns, output },
      preprocessing: [
        { step: 'impute', fills: nullable.map(({ name }) => ({ column: name, value: 0.5 })) },
        { step: 'ordinal', columns: texts, order: ['froid', 'été'], unseen: 'refuse' },
      ],
      estimator: { family: 'linear', intercept: 0.3, coefficients: columns.map((_, place) => place + 0.7) },
      targetTransform: 'none',
    };
    const row = Object.fromEntries(columns.map(({ name }) => [name, values[name]!]));
    return { fitted, features: batchFromRows([row, row, row], columns) };
  }

  it.each([
    ['all together', inputs],
    ...inputs
      .filter(({ name }) => ['long', 'maybe boolean', 'température'].includes(name))
      .map((input): [string, ModelSignature['inputs']] => [`only ${input.name}`, [input]]),
  ])('columns of every type: %s', async (_, columns) => {
    const demo = typedDemo(columns);
    const missing = columns.filter(
      ({ nullable, type }) => nullable || type === 'double' || type === 'string',
    );
    const rows = [values, ...missing.map(({ name }) => ({ ...values, [name]: null }))];
    const directory = await writeModelDirectory('typed', demo);
    const { predictions, example, served } = await scoreInPython(directory, demo.fitted, rows);
    const ours = predictRows(demo.fitted, rows);
    expect(predictions).toEqual(ours);
    expect({ example, served }).toEqual({ example: Array(3).fill(ours[0]), served: Array(3).fill(ours[0]) });
  });
});
