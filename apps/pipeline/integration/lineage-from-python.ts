import type { AliasMove, DatasetRef } from '@slipway/contracts';
import type { Lineage, LineageDataset } from '@slipway/deployment';
import type { PythonReading, PythonRun, PythonVersion } from './read-with-python.ts';

/** Puts together what `slipway explain` says of a version, from nothing but what Python read from MLflow. */
export function lineageFromPython({ experiments, models }: PythonReading, version: string): Lineage {
  const [experiment] = experiments;
  const [model] = models;
  const found = model?.versions.find((candidate) => candidate.version === version);
  const run = experiment?.runs.find(({ id }) => id === found?.run_id);
  if (model === undefined || found === undefined || run === undefined)
    throw new Error('Python read too little');
  const tag = (key: string): string => run.tags[key] ?? '';
  const inputs = run.inputs as Lineage['inputs'];
  return {
    model: tag('slipway.model'),
    registeredName: model.name,
    version: found.version,
    aliases: found.aliases,
    runId: run.id,
    verb: tag('slipway.verb'),
    trainedAt: new Date(run.startTime).toISOString(),
    gitCommit: tag('mlflow.source.git.commit'),
    by: tag('mlflow.user'),
    featureTable: tag('slipway.feature_table'),
    watermark: Number(tag('slipway.watermark')),
    inputs,
    metrics: run.metrics,
    artifactDigest: found.tags['slipway.artifact_digest'] ?? '',
    datasets: {
      train: datasetOf(run, 'training', 'train'),
      test: datasetOf(run, 'test', 'test'),
      predictions: datasetOf(run, 'test_predictions', 'predictions'),
    },
    verdict: JSON.parse(found.tags['slipway.verdict'] ?? '') as Lineage['verdict'],
    moves: movesOf(model.versions).filter(({ from, to }) => from === version || to === version),
  };
}

/** The dataset input that has this context. */
function datasetOf({ datasets }: PythonRun, context: string, kind: DatasetRef['kind']): LineageDataset {
  const dataset = datasets.find(({ tags }) => tags['mlflow.data.context'] === context);
  if (dataset === undefined) throw new Error(`Python read no dataset with context ${context}`);
  const { schema, table, digest } = JSON.parse(dataset.source) as Record<
    'schema' | 'table' | 'digest',
    string
  >;
  const { num_rows: rowCount } = JSON.parse(dataset.profile) as { num_rows: number };
  const { mlflow_colspec: columns } = JSON.parse(dataset.schema) as {
    mlflow_colspec: DatasetRef['columns'];
  };
  return { digest, ref: { formatVersion: 1, kind, schema, table, digest, rowCount, columns } };
}

function movesOf(versions: readonly PythonVersion[]): AliasMove[] {
  return versions
    .flatMap(({ tags }) => Object.entries(tags))
    .filter(([key]) => key.startsWith('slipway.move.'))
    .map(([, text]) => JSON.parse(text) as AliasMove)
    .toSorted((a, b) => a.sequence - b.sequence);
}
