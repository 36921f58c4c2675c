import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeRows } from '@slipway/contracts';
import { createBatchPredictor, predictModel, readArtifact } from '@slipway/models';
import { printSample } from '../run-alone.ts';
import { readTrainingData } from '../training/training-data.ts';
import { rawRows } from './raw-rows.ts';

const [task, folder = '', path = ''] = process.argv.slice(2);
const names = await readdir(folder);
const model = readArtifact(
  await Promise.all(names.map(async (name) => ({ path: name, content: await readFile(join(folder, name)) }))),
);
const rows = rawRows(await readTrainingData(path, 10));

/** The median over other rows than those that warmed the code. */
function timeOneRow(): number {
  const times: number[] = [];
  for (let row = 0; row < 6_000; row += 1) {
    const single = takeRows(rows, [row]);
    const start = performance.now();
    predictModel(model, single);
    times.push(performance.now() - start);
  }
  return times.slice(4_000).sort((a, b) => a - b)[1_000]!;
}

async function timeBatch(): Promise<number> {
  const predictor = createBatchPredictor(model, { workers: 2 });
  const times: number[] = [];
  for (let time = 0; time < 3; time += 1) {
    const start = performance.now();
    await predictor.predict(rows);
    times.push(performance.now() - start);
  }
  await predictor.close();
  return Math.min(...times);
}

const ms = task === 'row' ? timeOneRow() : await timeBatch();
printSample({ ms, peakMb: process.resourceUsage().maxRSS / 1024 });
