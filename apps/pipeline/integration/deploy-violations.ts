import { canonicalJson } from '@slipway/contracts';
import {
  deployModel,
  readAliasMoves,
  readRegisteredModel,
  runTag,
  type DeploymentContext,
  type ModelDefinition,
} from '@slipway/deployment';
import { registeredName, type ModelVersion, type Registry, type Run } from '@slipway/registry-client';

/** What a clean deployment comes to, and so what every interrupted one has to come to. */
export interface Deployed {
  /** Deployments of the model so far. */
  readonly deployments: number;
  /** Digests of tables and artifact, metrics and verdict of the last run, as canonical JSON. */
  readonly result: string;
}

/** Reads what the newest finished run came to. */
export async function readDeployed(
  context: DeploymentContext,
  model: ModelDefinition,
  deployments: number,
): Promise<Deployed> {
  const runs = await deploymentRuns(context, model);
  const run = runs.find(({ status }) => status === 'FINISHED');
  return { deployments, result: run === undefined ? 'no finished run' : resultOf(run) };
}

/**
 * Compares what is stored with a clean deployment.
 * @returns every difference in words; empty when the interrupted deployment converged
 */
export async function findViolations(
  context: DeploymentContext,
  model: ModelDefinition,
  clean: Deployed,
): Promise<string[]> {
  return [
    ...(await runViolations(context, model, clean)),
    ...(await versionViolations(context, model, clean)),
    ...(await datasetViolations(context, clean)),
    ...(await againViolations(context, model)),
  ];
}

async function runViolations(
  context: DeploymentContext,
  model: ModelDefinition,
  { deployments, result }: Deployed,
): Promise<string[]> {
  const runs = await deploymentRuns(context, model);
  const finished = runs.filter(({ status }) => status === 'FINISHED');
  const odd = runs.filter(({ status }) => status !== 'FINISHED' && status !== 'KILLED');
  const found = odd.map(({ runId, status }) => `run ${runId} is ${status}`);
  found.push(...differs('finished runs', finished.length, deployments));
  const [last] = finished;
  if (last === undefined) return found;
  found.push(...differs('result', resultOf(last), result));
  found.push(...differs('inputs of the run', last.inputs.length, 3));
  for (const key of Object.keys(last.metrics)) {
    const values = await context.registry.getMetricHistory(last.runId, key);
    found.push(...differs(`values of metric ${key}`, values.length, 1));
  }
  for (const run of runs) {
    const models = await context.registry.listLoggedModels(run);
    const ready = models.filter(({ status }) => status === 'READY');
    const pending = models.filter(({ status }) => status === 'PENDING');
    found.push(
      ...differs(`ready models of run ${run.runId}`, ready.length, run.status === 'FINISHED' ? 1 : 0),
    );
    found.push(...pending.map(({ modelId }) => `model ${modelId} is PENDING`));
  }
  return found;
}

async function versionViolations(
  context: DeploymentContext,
  model: ModelDefinition,
  { deployments }: Deployed,
): Promise<string[]> {
  const { registry } = context;
  const name = registeredName(model.name, context.environment);
  const versions = await registry.listModelVersions(name);
  const moves = await readAliasMoves(registry, name);
  const serving = await registry.findVersionByAlias(name, 'production');
  const previous = await registry.findVersionByAlias(name, 'previous');
  const last = String(deployments);
  const found = [
    ...differs('versions', versions.length, deployments),
    ...differs('moves of production', moves.length, deployments),
    ...differs('versions without alias', versions.filter(({ aliases }) => aliases.length === 0).length, 0),
    ...differs('model of the version that serves', serving?.modelId, await readyModelOf(registry, serving)),
    ...differs('last move', moves.at(-1)?.to, last),
    ...differs('production', serving?.version, last),
    ...differs('previous', previous?.version, deployments === 1 ? undefined : String(deployments - 1)),
  ];
  if (serving === undefined) return found;
  const unreadable = await readRegisteredModel(registry, serving).then(
    () => [],
    (error: Error) => [`the model that serves cannot be read: ${error.message}`],
  );
  return [...found, ...unreadable];
}

async function readyModelOf(
  registry: Registry,
  version: ModelVersion | undefined,
): Promise<string | undefined> {
  if (version?.runId == null) return undefined;
  const models = await registry.listLoggedModels(await registry.getRun(version.runId));
  return models.find(({ status }) => status === 'READY')?.modelId;
}

async function datasetViolations(
  { database }: DeploymentContext,
  { deployments }: Deployed,
): Promise<string[]> {
  const stored = await database.query<{ kind: string; table: string }>(
    'SELECT kind, table_name AS "table" FROM training.dataset ORDER BY kind, table_name',
  );
  const tables = await database.query<{ table: string }>(
    `SELECT tablename AS "table" FROM pg_tables WHERE schemaname = 'training' AND tablename NOT IN ('dataset', 'dataset_use', 'database_id', 'erasure')`,
  );
  const known = new Set(stored.map(({ table }) => table));
  const orphans = tables.filter(({ table }) => !known.has(table));
  const expected = ['predictions', ...(deployments === 2 ? ['predictions'] : []), 'test', 'train'];
  return [
    ...differs('datasets', stored.map(({ kind }) => kind).join(' '), expected.join(' ')),
    ...differs('tables of datasets', tables.length, stored.length),
    ...orphans.map(({ table }) => `table ${table} belongs to no dataset`),
  ];
}

async function againViolations(context: DeploymentContext, model: ModelDefinition): Promise<string[]> {
  const { outcome } = await deployModel(context, model);
  return differs('outcome of one more deploy', outcome, 'nothing');
}

async function deploymentRuns(context: DeploymentContext, model: ModelDefinition): Promise<readonly Run[]> {
  const { registry } = context;
  const experiment = await registry.ensureExperiment(registeredName(model.name, context.environment));
  const tags = { [runTag.kind]: 'deployment' };
  return registry.searchRuns({ experimentId: experiment.experimentId, tags });
}

function resultOf({ metrics, params, tags }: Run): string {
  const { trainDigest, testDigest, predictionsDigest, artifactDigest, verdict, outcome } = runTag;
  const told = [trainDigest, testDigest, predictionsDigest, artifactDigest, verdict, outcome];
  return canonicalJson({ metrics, params, tags: told.map((tag) => tags[tag] ?? null) });
}

function differs<T>(what: string, received: T, expected: T): string[] {
  return received === expected ? [] : [`${what}: expected ${String(expected)}, got ${String(received)}`];
}
