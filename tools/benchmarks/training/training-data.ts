import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeatureMatrix } from '@slipway/models';
import { MersenneTwister19937, real } from 'random-js';

const uniform = real(0, 1);

/** Rows to train on and rows to test with, as a file that Python reads too. */
export interface TrainingData {
  readonly features: FeatureMatrix;
  readonly target: Float64Array;
}

/**
 * Writes rows of Friedman's first function (doi:10.1214/aos/1176347963) with noise: uniform columns, the last two of them
 * with 24 and 7 values. One file per side: the columns, then the target, as little-endian doubles.
 */
export async function writeTrainingData(
  folder: string,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): Promise<string> {
  const path = join(folder, `friedman-${rows}-${columns}`);
  const engine = MersenneTwister19937.seed(7);
  const random = (): number => uniform(engine);
  await writeSide(`${path}-train.bin`, rows, columns, random);
  await writeSide(`${path}-test.bin`, 10_000, columns, random);
  return path;
}

export async function readTrainingData(path: string, columns: number): Promise<TrainingData> {
  const bytes = await readFile(path);
  const values = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  const rowCount = values.length / (columns + 1);
  const column = (place: number): Float64Array => values.subarray(place * rowCount, (place + 1) * rowCount);
  const names = Array.from({ length: columns }, (_, place) => `x${place}`);
  return {
    features: { rowCount, names, columns: names.map((_, place) => column(place)) },
    target: column(columns),
  };
}

async function writeSide(path: string, rows: number, columns: number, random: () => number): Promise<void> {
  const values = new Float64Array(rows * (columns + 1));
  for (let row = 0; row < rows; row += 1) {
    const x = Array.from({ length: columns }, random);
    x[columns - 2] = Math.floor(x[columns - 2]! * 24);
    x[columns - 1] = Math.floor(x[columns - 1]! * 7);
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = x;
    const noise = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const y =
      10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e + 0.3 * x[columns - 2]! + noise;
    [...x, y].forEach((value, place) => (values[place * rows + row] = value));
  }
  await writeFile(path, values);
}
