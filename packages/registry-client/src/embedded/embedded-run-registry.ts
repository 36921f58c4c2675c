import { SlipwayError } from '@slipway/contracts';
import type { Queryable } from '@slipway/database';
import type { DatasetInput } from '../dataset-input.ts';
import type { Experiment } from '../experiment.ts';
import { registryRejected } from '../registry-rejected.ts';
import type { RunMetric } from '../run-metric.ts';
import type { RunRegistry } from '../run-registry.ts';
import type { Run } from '../run.ts';
import type { EmbeddedRegistryOptions } from './embedded-registry-options.ts';
import { readRuns } from './read-runs.ts';
import { storedFiles } from './stored-files.ts';

/** Experiments, runs and their files in schema `registry`. */
export function embeddedRunRegistry({ database, now, generateId }: EmbeddedRegistryOptions): RunRegistry {
  const files = storedFiles(database, 'run_artifact');

  async function findExperiment(name: string): Promise<Experiment | undefined> {
    const [row] = await database.query<{ id: string; time: string; tags: Record<string, string> }>(
      'SELECT experiment_id AS id, creation_time AS time, tags FROM registry.experiment WHERE name = $1',
      [name],
    );
    if (row === undefined) return undefined;
    return { experimentId: row.id, name, creationTime: Number(row.time), tags: row.tags };
  }

  async function getRun(runId: string): Promise<Run> {
    const [run] = await readRuns(database, { where: 'run_id = $1', parameters: [runId] });
    if (run === undefined) throw runNotFound(runId);
    return run;
  }

  return {
    findExperiment,
    getRun,

    async ensureExperiment(name, { tags = {} } = {}) {
      await database.execute(
        'INSERT INTO registry.experiment (name, creation_time, tags) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING',
        [name, now(), JSON.stringify(tags)],
      );
      const experiment = await findExperiment(name);
      if (experiment === undefined) throw new Error('an experiment vanished');
      return experiment;
    },

    async setExperimentTags(experimentId, tags) {
      const changed = await database.execute(
        'UPDATE registry.experiment SET tags = tags || $2 WHERE experiment_id::text = $1',
        [experimentId, JSON.stringify(tags)],
      );
      if (changed === 0) throw experimentNotFound(experimentId);
    },

    async createRun({ experimentId, runName, startTime, tags = {} }) {
      const runId = generateId();
      const created = await database.execute(
        `INSERT INTO registry.run (run_id, experiment_id, run_name, status, start_time, tags)
         SELECT $1, experiment_id, $3, 'RUNNING', $4, $5 FROM registry.experiment WHERE experiment_id::text = $2`,
        [runId, experimentId, runName, startTime, JSON.stringify({ ...tags, 'mlflow.runName': runName })],
      );
      if (created === 0) {
        throw experimentNotFound(experimentId);
      }
      return getRun(runId);
    },

    async updateRun(runId, { status = null, runName = null, endTime = null }) {
      const updated = await database.execute(
        `UPDATE registry.run SET status = coalesce($2, status), run_name = coalesce($3, run_name),
           end_time = coalesce($4, end_time),
           tags = CASE WHEN $3::text IS NULL THEN tags ELSE tags || jsonb_build_object('mlflow.runName', $3::text) END
         WHERE run_id = $1`,
        [runId, status, runName, endTime],
      );
      if (updated === 0) throw runNotFound(runId);
      return getRun(runId);
    },

    async finishRun(runId, { status, endTime }) {
      const updated = await database.execute(
        'UPDATE registry.run SET status = $2, end_time = $3 WHERE run_id = $1',
        [runId, status, endTime],
      );
      if (updated === 0) throw runNotFound(runId);
      return getRun(runId);
    },

    searchRuns({ experimentId, tags = {}, status = null, maxResults = 1_000 }) {
      return readRuns(database, {
        where: 'experiment_id::text = $1 AND tags @> $2 AND ($3::text IS NULL OR status = $3)',
        parameters: [experimentId, JSON.stringify(tags), status],
        limit: maxResults,
      });
    },

    async logBatch(runId, { params = {}, metrics = [], tags = {} }) {
      await database.transaction(async (transaction) => {
        const stored = await lockRun(transaction, runId);
        checkParams(stored.params, params);
        await transaction.execute(
          'UPDATE registry.run SET params = params || $2, tags = tags || $3 WHERE run_id = $1',
          [runId, JSON.stringify(params), JSON.stringify(tags)],
        );
        for (const metric of metrics) await writeMetric(transaction, runId, metric);
      });
    },

    async logInputs(runId, inputs) {
      await database.transaction(async (transaction) => {
        const { experimentId } = await lockRun(transaction, runId);
        for (const input of inputs) await writeInput(transaction, { runId, experimentId, input });
      });
    },

    async getMetricHistory(runId, key) {
      await getRun(runId);
      const rows = await database.query<{ step: string; time: string; value: number }>(
        `SELECT step, time_ms AS time, value FROM registry.run_metric
         WHERE run_id = $1 AND key = $2 ORDER BY step, time_ms, value`,
        [runId, key],
      );
      return rows.map(({ step, time, value }) => ({
        key,
        value,
        timestamp: Number(time),
        step: Number(step),
      }));
    },

    async logArtifact(runId, path, content) {
      await getRun(runId);
      await files.write(runId, path, content);
    },
    async readArtifact(runId, path) {
      await getRun(runId);
      return files.read(runId, path);
    },
    async listArtifacts(runId, prefix) {
      await getRun(runId);
      return files.list(runId, prefix);
    },
  };
}

interface LockedRun {
  readonly experimentId: string;
  readonly params: Readonly<Record<string, string>>;
}

async function lockRun(transaction: Queryable, runId: string): Promise<LockedRun> {
  const [run] = await transaction.query<LockedRun>(
    'SELECT experiment_id AS "experimentId", params FROM registry.run WHERE run_id = $1 FOR UPDATE',
    [runId],
  );
  if (run === undefined) throw runNotFound(runId);
  return run;
}

/** A param is written once: another value is refused, as MLflow does. */
function checkParams(stored: LockedRun['params'], params: LockedRun['params']): void {
  const changed = Object.keys(params).find((key) => key in stored && stored[key] !== params[key]);
  if (changed === undefined) return;
  throw registryRejected({
    field: 'params.value',
    reason: 'conflict',
    what: `The param "${changed}" of this run has another value already`,
    next: 'Start a new run, or use a tag',
  });
}

async function writeMetric(transaction: Queryable, runId: string, metric: RunMetric): Promise<void> {
  const { key, value, timestamp, step, modelId, datasetName = null, datasetDigest = null } = metric;
  await transaction.execute(
    'INSERT INTO registry.run_metric VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
    [runId, key, step, timestamp, value],
  );
  if (modelId === undefined) return;
  await transaction.execute(
    `INSERT INTO registry.logged_model_metric SELECT model_id, $2, $3, $4, $5, $6, $7, $8
     FROM registry.logged_model WHERE model_id = $1 ON CONFLICT DO NOTHING`,
    [modelId, key, timestamp, step, runId, value, datasetName, datasetDigest],
  );
  const [stored] = await transaction.query<{ same: boolean }>(
    `SELECT value = $6 AND dataset_name IS NOT DISTINCT FROM $7 AND dataset_digest IS NOT DISTINCT FROM $8 AS same
     FROM registry.logged_model_metric
     WHERE model_id = $1 AND key = $2 AND time_ms = $3 AND step = $4 AND run_id = $5`,
    [modelId, key, timestamp, step, runId, value, datasetName, datasetDigest],
  );
  if (stored === undefined) throw unknownModel();
  if (!stored.same) throw modelMetricConflict();
}

function unknownModel(): SlipwayError {
  const what = 'A metric names a logged model that the registry does not have';
  return registryRejected({ field: 'metrics.modelId', reason: 'not_found', what });
}

/** The key of a logged model's metric has no dataset in it, as in MLflow. */
function modelMetricConflict(): SlipwayError {
  return registryRejected({
    field: 'metrics',
    reason: 'conflict',
    what: 'A logged model has another value, or another dataset, for a metric of the same name, timestamp, step and run',
    next: 'Give each dataset a timestamp of its own, the test set the newest',
  });
}

async function writeInput(
  transaction: Queryable,
  { runId, experimentId, input }: { runId: string; experimentId: string; input: DatasetInput },
): Promise<void> {
  const { name, digest, source, sourceType, schema = null, profile = null, tags = {} } = input;
  await transaction.execute(
    `INSERT INTO registry.dataset (experiment_id, name, digest, source, source_type, schema, profile)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [experimentId, name, digest, source, sourceType, schema, profile],
  );
  await transaction.execute(
    `INSERT INTO registry.run_input (run_id, dataset_id, tags)
     SELECT $1, dataset_id, $5 FROM registry.dataset WHERE experiment_id = $2 AND name = $3 AND digest = $4
     ON CONFLICT DO NOTHING`,
    [runId, experimentId, name, digest, JSON.stringify(tags)],
  );
}

function experimentNotFound(experimentId: string): SlipwayError {
  const what = `No experiment with id ${experimentId}`;
  return registryRejected({ field: 'experimentId', reason: 'not_found', what });
}

function runNotFound(runId: string): SlipwayError {
  return new SlipwayError('run_not_found', {
    what: `The registry has no run ${runId}`,
    next: 'Look it up where the run was made: a deploy prints the id of a run that the gate refused',
  });
}
