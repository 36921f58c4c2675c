import { predictEstimator } from '@slipway/models';
import { estimatorSchema, fitForest, type RandomForest } from '@slipway/training';
import { RandomForestRegression } from 'ml-random-forest';
import { printSample } from '../run-alone.ts';
import { readTrainingData, type TrainingData } from './training-data.ts';

const [engine, path = '', columns = '', trees = '', threads = ''] = process.argv.slice(2);
const train = await readTrainingData(`${path}-train.bin`, Number(columns));
const test = await readTrainingData(`${path}-test.bin`, Number(columns));

/** Grows a forest and returns what it predicts for the test rows. */
async function growOurs(): Promise<() => ArrayLike<number>> {
  const params = { nEstimators: Number(trees) };
  const forest = estimatorSchema.parse({ family: 'random-forest', seed: 1, params }) as RandomForest;
  const fitted = await fitForest(forest, train, { workers: Number(threads) });
  return () => predictEstimator(fitted, test.features);
}

function growLibrary(): Promise<() => ArrayLike<number>> {
  const library = new RandomForestRegression({ seed: 1, nEstimators: Number(trees), noOOB: true });
  library.train(rowsOf(train), [...train.target]);
  return Promise.resolve(() => library.predict(rowsOf(test)));
}

function rowsOf({ features }: TrainingData): number[][] {
  return Array.from({ length: features.rowCount }, (_, row) =>
    features.columns.map((column) => column[row]!),
  );
}

const start = performance.now();
const predict = await (engine === 'ours' ? growOurs() : growLibrary());
const ms = performance.now() - start;
const peakMb = process.resourceUsage().maxRSS / 1024;
const predicted = predict();
const squares = test.target.reduce((sum, value, row) => sum + (value - predicted[row]!) ** 2, 0);
printSample({ ms, peakMb, rmse: Math.sqrt(squares / test.target.length) });
