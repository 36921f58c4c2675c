import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeRows } from '@slipway/contracts';
import { writeArtifact } from '@slipway/models';
import { estimatorSchema, trainModel } from '@slipway/training';
import { alternate, leastMs, type Side } from '../alternate.ts';
import type { BenchmarkContext, BenchmarkResult, Measurement } from '../benchmark.ts';
import { ensurePythonPeers } from '../python-peers.ts';
import { runAlone } from '../run-alone.ts';
import { readTrainingData, writeTrainingData } from '../training/training-data.ts';
import { preprocessing, rawRows } from './raw-rows.ts';

const trainingRows = 20_000;

/** Depths of the forests of 100 trees; 0 is no limit. */
const depths = [10, 0] as const;

/**
 * Predicts one row, preprocessing included, beside onnxruntime on the exported model, and a batch beside scikit-learn on two
 * threads, with trees of 10 levels and fully grown ones.
 */
export async function prediction({
  folder,
  rows = 100_000,
  rounds,
}: BenchmarkContext): Promise<BenchmarkResult> {
  const python = await ensurePythonPeers();
  const train = await writeTrainingData(folder, { rows: trainingRows, columns: 10 });
  const unseen = `${await writeTrainingData(folder, { rows, columns: 10 })}-train.bin`;
  const ours = new URL('predict-once.ts', import.meta.url);
  const peers = new URL('predict_once.py', import.meta.url);
  const sides: Side[] = [];
  for (const depth of depths) {
    const model = await writeModel(folder, `${train}-train.bin`, depth);
    const trees = depth === 0 ? 'fully grown' : `${depth} levels`;
    const inPython = (task: string, source: string): Side['run'] => {
      return () => runAlone(peers, [task, source, unseen, `${depth}`], { python });
    };
    sides.push(
      { name: `one row, ${trees}`, rows: 1, run: () => runAlone(ours, ['row', model, unseen]) },
      { name: `onnxruntime, ${trees}`, rows: 1, run: inPython('row', join(model, 'model.onnx')) },
      { name: `batch, ${trees}`, rows, run: () => runAlone(ours, ['batch', model, unseen]) },
      { name: `scikit-learn, ${trees}`, rows, run: inPython('batch', `${train}-train.bin`) },
    );
  }
  return resultOf(await alternate(sides, rounds));
}

async function writeModel(folder: string, path: string, depth: number): Promise<string> {
  const train = await readTrainingData(path, 10);
  const params = { nEstimators: 100, ...(depth === 0 ? {} : { maxDepth: depth }) };
  const features = rawRows(train);
  const model = await trainModel({
    preprocessing,
    estimator: estimatorSchema.parse({ family: 'random-forest', seed: 1, params }),
    features,
    target: train.target,
    targetName: 'y',
    workers: 2,
  });
  const into = join(folder, `model-${depth}`);
  await mkdir(into);
  const { files } = writeArtifact(model, { inputExample: takeRows(features, [0]) });
  for (const { path: name, content } of files) await writeFile(join(into, name), content);
  return into;
}

function resultOf(measurements: readonly Measurement[]): BenchmarkResult {
  const ratios: Record<string, number> = {};
  const figures: Record<string, number> = {};
  for (const [place, depth] of depths.entries()) {
    const [row, onnx, batch, peer] = measurements.slice(place * 4) as [
      Measurement,
      Measurement,
      Measurement,
      Measurement,
    ];
    const trees = depth === 0 ? 'fully grown' : `${depth} levels`;
    ratios[`batch time vs scikit-learn, ${trees}`] = leastMs(batch) / leastMs(peer);
    ratios[`one-row time vs onnxruntime, ${trees}`] = leastMs(row) / leastMs(onnx);
    figures[`one row us, ${trees}`] = leastMs(row) * 1000;
  }
  return { measurements, ratios, figures };
}
