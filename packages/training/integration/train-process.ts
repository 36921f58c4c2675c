import { batchFromRows, takeRows } from '@slipway/contracts';
import { writeArtifact } from '@slipway/models';
import { estimatorSchema, trainModel } from '../src/index.ts';

/** Trains a forest that is large enough for threads, and prints the digest of its artifact. */
const { workers, seed } = JSON.parse(process.argv[2] ?? '') as { workers: number; seed: number };
const names = Array.from({ length: 8 }, (_, place) => `x${place}`);
const rows = Array.from({ length: 4_000 }, (_, row) =>
  Object.fromEntries(names.map((name, place) => [name, Math.round(50 * Math.sin((row + 3) * (place + 1)))])),
);
const features = batchFromRows(
  rows,
  names.map((name) => ({ name, type: 'double' })),
);
const model = await trainModel({
  preprocessing: [],
  estimator: estimatorSchema.parse({
    family: 'random-forest',
    seed,
    params: { nEstimators: 70, maxFeatures: 0.7 },
  }),
  features,
  target: Float64Array.from(rows, ({ x0 = 0, x3 = 0 }) => x0 * x3),
  targetName: 'y',
  workers,
});
console.log(writeArtifact(model, { inputExample: takeRows(features, [0]) }).digest);
