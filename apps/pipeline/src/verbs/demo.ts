import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rollBackModel, type ModelDefinition } from '@slipway/deployment';
import { readFeatureFile } from '@slipway/features';
import { registeredName } from '@slipway/registry-client';
import { checkServers } from '../check-servers.ts';
import { createCommandContext, type CommandContext } from '../command-context.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { getFeatureTable, getModel, type Configurations } from '../load-configurations.ts';
import { loadFile } from '../load-file.ts';
import { replayRows, type ReplayResult } from '../replay.ts';
import { startServing, type ServingProcess } from '../serving-process.ts';
import { mlflowPage } from '../mlflow-page.ts';
import { parseTime } from '../parse-time.ts';
import { startClean } from '../start-clean.ts';
import type { Verb } from '../verb.ts';
import { deployOne, retrainOne } from './deploy.ts';
import { loadLabelFile } from './labels.ts';
import { monitorOne } from './monitor.ts';
import { printMove } from './promote.ts';

const modelName = 'bike-demand';
const file = 'apps/pipeline/data/bike-hours.csv';
const halfYear = { from: '2011-01-01', to: '2011-07-01' };
const summer = { from: '2011-07-01', to: '2011-10-01' };

export const demo: Verb = {
  words: [],
  options: [],
  help: 'Tell the whole story on real data, everything under .slipway/',
  more:
    'Loads, deploys, serves, finds drift, retrains and rolls back. What you did there yourself is ' +
    'moved to .slipway/kept/.',
  example: 'demo',
  run: async (outer) => {
    const suffix = usesServers(outer) ? randomBytes(3).toString('hex') : undefined;
    const command = suffix === undefined ? inOwnFolder(outer) : withOwnNames(outer, suffix);
    // On servers `.slipway/` may be anybody's: the serving app works beside what lies there, and leaves no trace.
    const servingFolder = join(outer.project.state, suffix === undefined ? 'serving' : `demo-${suffix}`);
    try {
      return await tellStory(command, { isShared: suffix !== undefined, servingFolder });
    } finally {
      await command.close();
      if (suffix !== undefined) await rm(servingFolder, { recursive: true, force: true });
    }
  },
};

async function tellStory(
  command: CommandContext,
  { isShared, servingFolder }: { isShared: boolean; servingFolder: string },
): Promise<ExitCode> {
  const { output } = command;
  // Before anything is deleted: a configuration that would stop the story anyway.
  const model = getModel(await command.configurations(), modelName);
  await checkServers(command, { model: modelName });
  if (!isShared) await startClean(command);
  const reports: string[] = [];

  chapter(command, 'a', 'January to June arrive in the feature table');
  await loadFile(command, { table: model.featureTable, file, ...halfYear });

  chapter(command, 'b', 'The configuration was merged: deploy');
  const first = await deployOne(command, model);
  if (first.report !== null) reports.push(first.report);
  await deployOne(command, model);

  chapter(command, 'c', 'Serve it, and replay July to September hour by hour');
  const serving = await startServing(command, {
    onInterrupted: (code) => process.exit(code),
    models: [modelName],
    deployed: [modelName],
    port: 0,
    folder: servingFolder,
  });
  try {
    output.line(`  serving app listens at ${serving.url}, process ${serving.processId}`);
    await replaySummer(command, serving, { word: 'replayed' });
    await fetch(`${serving.adminUrl}/admin/flush`, { method: 'POST' });
    await loadLabelFile(command, model, { file, ...summer });

    chapter(command, 'd', 'Is production still like the test?');
    const monitored = await monitorOne(command, model);
    if (monitored.report !== null) reports.push(monitored.report);

    chapter(command, 'e', 'July to September arrive: retrain while requests run');
    await loadFile(command, { table: model.featureTable, file, ...summer });
    const second = await retrainUnderTraffic(command, serving, model);
    if (second.report !== null) reports.push(second.report);
    await showServed(command, serving);

    if (second.outcome === 'promoted') {
      chapter(command, 'f', 'Somebody is not convinced: roll back');
      const moved = await rollBackModel(await command.deployment(), model, { reason: 'shown in the demo' });
      printMove(output, moved);
      await showServed(command, serving, moved.version);
    }
  } finally {
    await serving.stop();
  }
  lastPage(command, { reports, isShared });
  output.document({ outcome: 'done', reports });
  return exitCode.done;
}

/** Requests begin before the retraining and go on until the version that it decided for has answered one. */
async function retrainUnderTraffic(
  command: CommandContext,
  serving: ServingProcess,
  model: ModelDefinition,
): ReturnType<typeof retrainOne> {
  let isDecided = false;
  let awaited: string | null = null;
  const until = (versions: ReadonlySet<string>): boolean =>
    isDecided && (awaited === null || versions.has(awaited));
  const traffic = replaySummer(command, serving, { word: 'meanwhile', until });
  try {
    const outcome = await retrainOne(command, model);
    awaited = outcome.version;
    return outcome;
  } finally {
    isDecided = true;
    await traffic;
  }
}

function usesServers({ environment }: CommandContext): boolean {
  return environment.databaseUrl !== undefined || environment.mlflow !== undefined;
}

/** Nobody else uses what is embedded here. */
function inOwnFolder({ environment, output, project, now }: CommandContext): CommandContext {
  return createCommandContext({ environment, output, project, folder: project.root, now });
}

/** On a server that others use, a run of the demo has an environment and a feature table of its own. */
function withOwnNames({ environment, output, project, now }: CommandContext, suffix: string): CommandContext {
  const own = { ...environment, environment: `demo-${suffix}` };
  output.line(`this run is environment ${own.environment}: nothing that is there already is touched`);
  return createCommandContext({
    environment: own,
    output,
    project,
    folder: project.root,
    now,
    configure: (found) => suffixTable(found, suffix),
  });
}

/** The demo's model on a feature table of its own. */
function suffixTable(configurations: Configurations, suffix: string): Configurations {
  const model = getModel(configurations, modelName);
  const table = getFeatureTable(configurations, model.featureTable);
  const name = `${table.name}_demo_${suffix}`;
  return {
    models: new Map([[modelName, { ...model, featureTable: name }]]),
    featureTables: new Map([[name, { ...table, name }]]),
    broken: [],
  };
}

function chapter({ output }: CommandContext, letter: string, title: string): void {
  output.line();
  output.line(output.paint('bold', `(${letter}) ${title}`));
}

async function replaySummer(
  command: CommandContext,
  serving: ServingProcess,
  { word, until }: { word: string; until?: (versions: ReadonlySet<string>) => boolean },
): Promise<ReplayResult> {
  const { output } = command;
  const configurations = await command.configurations();
  const model = getModel(configurations, modelName);
  const table = getFeatureTable(configurations, model.featureTable);
  const where = {
    column: table.eventTime ?? '',
    from: parseTime(summer.from, 'from'),
    to: parseTime(summer.to, 'to'),
  };
  const rows = await readFeatureFile(table, { path: join(command.project.root, file), where });
  const result = await replayRows({
    url: serving.url,
    model: modelName,
    table,
    features: model.features,
    rows,
    fetch,
    onProgress: (done, total) => output.progress(`  ${done}/${total} requests`),
    until,
  });
  output.line(
    `  ${word} ${result.requests} requests, ${result.failed} failed, answered by version ${result.versions.join(' and ')}`,
  );
  return result;
}

/** Waits until the serving app names the version that production points at, and says so. */
async function showServed(
  command: CommandContext,
  serving: ServingProcess,
  expected?: string,
): Promise<void> {
  await fetch(`${serving.adminUrl}/admin/refresh`, { method: 'POST' });
  const response = await fetch(`${serving.url}/v2/models/${modelName}`);
  const { versions = [] } = (await response.json()) as { versions?: string[] };
  const note = expected === undefined || versions.includes(expected) ? '' : ` (expected ${expected})`;
  command.output.line(`  the serving app now answers with version ${versions.join(', ')}${note}`);
}

function lastPage(
  { output, environment }: CommandContext,
  { reports, isShared }: { reports: readonly string[]; isShared: boolean },
): void {
  output.line();
  output.line(output.paint('bold', '(g) What exists now'));
  output.line('  reports, to open in a browser:');
  for (const report of reports) output.line(`    ${report}`);
  const page = mlflowPage(environment, {
    registeredName: registeredName(modelName, environment.environment),
  });
  if (page !== undefined) output.line(`  in MLflow: ${page}`);
  output.line('  Try next:');
  if (isShared) {
    const variable = `SLIPWAY_ENV=${environment.environment}`;
    for (const next of ['status', 'explain bike-demand@production'])
      output.line(`    ${variable} npx slipway ${next}`);
    return;
  }
  for (const next of [
    'status',
    'explain bike-demand@production',
    'plan',
    'features load diamonds --file apps/pipeline/data/diamonds.csv',
    'deploy diamond-price',
    'serve bike-demand',
    'db url',
  ]) {
    output.line(`    npx slipway ${next}`);
  }
}
