import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { getNumericColumn, selectColumns, takeRows, type ColumnBatch } from '@slipway/contracts';
import { readFeatureFile, type FeatureTable } from '@slipway/features';
import type { FittedEstimator } from '@slipway/models';
import { estimatorSchema, trainModel } from '@slipway/training';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensurePythonPeers } from '../benchmarks/python-peers.ts';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

let python: string;
let folder: string;
beforeAll(async () => {
  python = await ensurePythonPeers();
  folder = await mkdtemp(join(tmpdir(), 'slipway-linear-'));
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Coefficients in the order of `fit-with-numpy.py`. */
function coefficientsOf(fitted: FittedEstimator): readonly number[] {
  switch (fitted.family) {
    case 'linear':
      return [fitted.intercept, ...fitted.coefficients];
    case 'polynomial':
      return fitted.coefficients;
    case 'power':
      return [fitted.factor, fitted.exponent];
    case 'exponential':
      return [fitted.factor, fitted.rate];
    case 'theil-sen':
      return [fitted.slope, fitted.intercept];
    default:
      throw new Error(`${fitted.family} is not compared`);
  }
}

async function readDemo(table: string): Promise<ColumnBatch> {
  const module = (await import(
    new URL(`../../apps/pipeline/features/${table}.ts`, import.meta.url).href
  )) as { default: FeatureTable };
  return readFeatureFile(module.default, { path: pathOf(`../../apps/pipeline/data/${table}.csv`) });
}

it.each([
  ['bike-hours', 'rentals', ['temperature', 'feels_like', 'humidity', 'wind', 'hour'], 'rentals', 'hour'],
  ['diamonds', 'price', ['carat', 'depth', 'table', 'length', 'width', 'height'], 'price', 'carat'],
] as const)(
  '%s: coefficients are those of scikit-learn, numpy and scipy within 1e-8',
  async (table, target, names, positive, curveOf) => {
    const batch = await readDemo(table);
    const whole = Array.from({ length: batch.rowCount }, (_, row) => row);
    const isAbove = (name: string) => (row: number) => getNumericColumn(batch, name).values[row]! > 0;
    const above = whole.filter((row) => isAbove(positive)(row) && isAbove(curveOf)(row));
    const problems: { family: string; columns: number[][]; target: number[]; fitted: FittedEstimator }[] = [];
    const ours: (readonly number[])[] = [];
    for (const [estimator, features, rows] of [
      [{ family: 'linear' }, names, whole],
      [{ family: 'polynomial', params: { degree: 3 } }, [curveOf], whole],
      [{ family: 'polynomial', params: { degree: 6 } }, [curveOf], whole],
      [{ family: 'power' }, [curveOf], above],
      [{ family: 'exponential' }, [curveOf], above],
      [{ family: 'theil-sen', seed: 1 }, [curveOf], whole.slice(0, 3_000)],
    ] as const) {
      const picked = takeRows(batch, [...rows]);
      const inputs = selectColumns(picked, [...features]);
      const goal = getNumericColumn(picked, target).values;
      const options = { preprocessing: [], features: inputs, target: goal, targetName: target };
      const { estimator: fitted } = await trainModel({
        ...options,
        estimator: estimatorSchema.parse(estimator),
      });
      ours.push(coefficientsOf(fitted));
      const columns = features.map((name) => [...getNumericColumn(inputs, name).values]);
      problems.push({ family: estimator.family, columns, target: [...goal], fitted });
    }
    const file = join(folder, `${table}.json`);
    await writeFile(file, JSON.stringify(problems));
    const script = pathOf('fit-with-numpy.py');
    const { stdout } = await promisify(execFile)(python, [script, file], { maxBuffer: 1e8 });
    const theirs = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as number[]);
    ours.forEach((coefficients, place) => {
      expect(coefficients).toHaveLength(theirs[place]!.length);
      coefficients.forEach((value, term) => {
        const message = `${problems[place]!.family}, coefficient ${term}`;
        expect(Math.abs(value / theirs[place]![term]! - 1), message).toBeLessThan(1e-8);
      });
    });
  },
  120_000,
);
