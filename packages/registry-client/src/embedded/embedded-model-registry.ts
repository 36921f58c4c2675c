import { SlipwayError } from '@slipway/contracts';
import type { Queryable } from '@slipway/database';
import type { LoggedModel, LoggedModelMetric, LoggedModelStatus } from '../logged-model.ts';
import type { ModelRegistry } from '../model-registry.ts';
import type { ModelVersion } from '../model-version.ts';
import type { RegisteredModel } from '../registered-model.ts';
import { registryRejected } from '../registry-rejected.ts';
import type { EmbeddedRegistryOptions } from './embedded-registry-options.ts';
import { storedFiles } from './stored-files.ts';

/** Logged models, registered models, versions and aliases in schema `registry`. */
export function embeddedModelRegistry({ database, now, generateId }: EmbeddedRegistryOptions): ModelRegistry {
  const files = storedFiles(database, 'logged_model_artifact');

  async function getLoggedModel(modelId: string): Promise<LoggedModel> {
    const [row] = await database.query<LoggedModelRow>(`${selectLoggedModel} WHERE model_id = $1`, [modelId]);
    if (row === undefined) throw loggedModelNotFound(modelId);
    return toLoggedModel(row);
  }

  async function findVersion(name: string, version: string): Promise<ModelVersion | undefined> {
    const where = 'name = $1 AND version::text = $2';
    return (await readVersions(database, where, [name, version]))[0];
  }

  async function getModelVersion(name: string, version: string): Promise<ModelVersion> {
    const found = await findVersion(name, version);
    if (found === undefined) throw versionNotFound(name, version);
    return found;
  }

  async function findRegisteredModel(name: string): Promise<RegisteredModel | undefined> {
    const [row] = await database.query<RegisteredModelRow>(
      `SELECT description, tags, creation_time AS "creationTime",
         (SELECT jsonb_object_agg(alias, version::text) FROM registry.model_alias AS alias
          WHERE alias.name = model.name) AS aliases
       FROM registry.registered_model AS model WHERE name = $1`,
      [name],
    );
    if (row === undefined) return undefined;
    const { description, tags, aliases, creationTime } = row;
    return { name, description, tags, aliases: aliases ?? {}, creationTime: Number(creationTime) };
  }

  return {
    getLoggedModel,
    getModelVersion,
    findRegisteredModel,

    async createLoggedModel({ experimentId, runId, name, modelType = null, params = {}, tags = {} }) {
      const modelId = `m-${generateId()}`;
      const values = [modelId, runId, name, modelType, now(), JSON.stringify(params), JSON.stringify(tags)];
      const created = await database.execute(
        `INSERT INTO registry.logged_model
           (model_id, experiment_id, run_id, name, model_type, status, creation_time, params, tags)
         SELECT $1, experiment_id, run_id, $3, $4, 'PENDING', $5, $6, $7 FROM registry.run
         WHERE run_id = $2 AND experiment_id::text = $8`,
        [...values, experimentId],
      );
      if (created === 0) {
        throw new SlipwayError('run_not_found', {
          what: `The registry has no run ${runId} in experiment ${experimentId}`,
        });
      }
      return getLoggedModel(modelId);
    },

    async listLoggedModels({ experimentId, runId }) {
      const rows = await database.query<LoggedModelRow>(
        `${selectLoggedModel} WHERE run_id = $1 AND experiment_id::text = $2 ORDER BY creation_time, model_id`,
        [runId, experimentId],
      );
      return rows.map(toLoggedModel);
    },

    async finalizeLoggedModel(modelId, status) {
      const sql = 'UPDATE registry.logged_model SET status = $2 WHERE model_id = $1';
      if ((await database.execute(sql, [modelId, status])) === 0) throw loggedModelNotFound(modelId);
      return getLoggedModel(modelId);
    },

    async setLoggedModelTags(modelId, tags) {
      const sql = 'UPDATE registry.logged_model SET tags = tags || $2 WHERE model_id = $1';
      const updated = await database.execute(sql, [modelId, JSON.stringify(tags)]);
      if (updated === 0) throw loggedModelNotFound(modelId);
    },

    async logModelArtifact(modelId, path, content) {
      await getLoggedModel(modelId);
      await files.write(modelId, path, content);
    },
    async readModelArtifact(modelId, path) {
      await getLoggedModel(modelId);
      return files.read(modelId, path);
    },
    async listModelArtifacts(modelId, prefix) {
      await getLoggedModel(modelId);
      return files.list(modelId, prefix);
    },

    async ensureRegisteredModel(name, { tags = {}, description = '' } = {}) {
      await database.execute(
        `INSERT INTO registry.registered_model (name, description, tags, creation_time)
         VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
        [name, description, JSON.stringify(tags), now()],
      );
      const model = await findRegisteredModel(name);
      if (model === undefined) throw new Error('a registered model vanished');
      return model;
    },

    async createModelVersion({ name, runId, modelId = null, source, tags = {}, description = '' }) {
      if (modelId !== null) await getLoggedModel(modelId);
      const version = await database.transaction(async (transaction) => {
        const [next] = await transaction.query<{ version: number }>(
          'UPDATE registry.registered_model SET last_version = last_version + 1 WHERE name = $1 RETURNING last_version AS version',
          [name],
        );
        if (next === undefined) throw registeredModelNotFound(name);
        const created = await transaction.execute(
          `INSERT INTO registry.model_version (name, version, run_id, model_id, source, description, tags, creation_time)
           SELECT $1, $2, run_id, $4, $5, $6, $7, $8 FROM registry.run WHERE run_id = $3`,
          [
            name,
            next.version,
            runId,
            modelId,
            source ?? `models:/${modelId ?? ''}`,
            description,
            JSON.stringify(tags),
            now(),
          ],
        );
        if (created === 0) {
          throw new SlipwayError('run_not_found', { what: `The registry has no run ${runId}` });
        }
        return next.version;
      });
      return getModelVersion(name, String(version));
    },

    listModelVersions(name) {
      return readVersions(database, 'name = $1', [name]);
    },

    async setModelVersionTag(name, version, key, value) {
      const updated = await database.execute(
        `UPDATE registry.model_version SET tags = tags || jsonb_build_object($3::text, $4::text)
         WHERE name = $1 AND version::text = $2`,
        [name, version, key, value],
      );
      if (updated === 0) throw versionNotFound(name, version);
    },

    async setAlias(name, alias, version) {
      const updated = await database.execute(
        `INSERT INTO registry.model_alias SELECT name, $2, version FROM registry.model_version
         WHERE name = $1 AND version::text = $3
         ON CONFLICT (name, alias) DO UPDATE SET version = excluded.version`,
        [name, alias, version],
      );
      if (updated === 0) throw versionNotFound(name, version);
    },

    async deleteAlias(name, alias) {
      await database.execute('DELETE FROM registry.model_alias WHERE name = $1 AND alias = $2', [
        name,
        alias,
      ]);
    },

    async findVersionByAlias(name, alias) {
      const where = `name = $1 AND version =
        (SELECT alias.version FROM registry.model_alias AS alias WHERE alias.name = $1 AND alias.alias = $2)`;
      return (await readVersions(database, where, [name, alias]))[0];
    },
  };
}

interface LoggedModelRow extends Omit<LoggedModel, 'creationTime' | 'metrics'> {
  readonly status: LoggedModelStatus;
  readonly creationTime: string;
  readonly metrics: LoggedModelMetric[] | null;
}

function toLoggedModel(row: LoggedModelRow): LoggedModel {
  return { ...row, creationTime: Number(row.creationTime), metrics: row.metrics ?? [] };
}

interface RegisteredModelRow {
  readonly description: string;
  readonly tags: Record<string, string>;
  readonly aliases: Record<string, string> | null;
  readonly creationTime: string;
}

const selectLoggedModel = `SELECT model_id AS "modelId", experiment_id AS "experimentId", name,
  model_type AS "modelType", run_id AS "runId", status, creation_time AS "creationTime", params, tags,
  (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('key', key, 'value', value, 'timestamp', time_ms,
     'step', step, 'runId', metric.run_id, 'datasetName', dataset_name, 'datasetDigest', dataset_digest))
     ORDER BY key, time_ms, step)
   FROM registry.logged_model_metric AS metric WHERE metric.model_id = model.model_id) AS metrics
  FROM registry.logged_model AS model`;

async function readVersions(
  queryable: Queryable,
  where: string,
  parameters: readonly unknown[],
): Promise<readonly ModelVersion[]> {
  const rows = await queryable.query<Omit<ModelVersion, 'creationTime'> & { creationTime: string }>(
    `SELECT name, version::text AS version, run_id AS "runId", model_id AS "modelId", source, description, tags,
       creation_time AS "creationTime",
       ARRAY(SELECT alias.alias FROM registry.model_alias AS alias
         WHERE alias.name = entry.name AND alias.version = entry.version ORDER BY alias.alias) AS aliases
     FROM registry.model_version AS entry WHERE ${where} ORDER BY entry.version DESC`,
    parameters,
  );
  return rows.map((row) => ({ ...row, creationTime: Number(row.creationTime) }));
}

function loggedModelNotFound(modelId: string): SlipwayError {
  return registryRejected({
    field: 'modelId',
    reason: 'not_found',
    what: `The registry has no logged model ${modelId}`,
  });
}

function registeredModelNotFound(name: string): SlipwayError {
  const next = 'Call ensureRegisteredModel first';
  return registryRejected({ field: 'name', reason: 'not_found', what: `No registered model ${name}`, next });
}

function versionNotFound(name: string, version: string): SlipwayError {
  return new SlipwayError('model_version_not_found', {
    what: `The registry has no version ${version} of ${name}`,
    next: `Look up the versions with "slipway status"`,
  });
}
