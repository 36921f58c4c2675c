import { explainVersion, type Lineage, type UnexplainedVersion } from '@slipway/deployment';
import { exitCode } from '../exit-code.ts';
import { describeCommit } from '../git-commit.ts';
import { getModel } from '../load-configurations.ts';
import { mlflowPage } from '../mlflow-page.ts';
import type { Output } from '../output.ts';
import { parseVersionName } from '../parse-version-name.ts';
import { formatNumber } from '../table.ts';
import type { Verb } from '../verb.ts';

export const explain: Verb = {
  words: ['<model>@<alias>'],
  options: [],
  help: 'Show the lineage of a version, down to data and git commit',
  more:
    'Of what an alias or a version number names: datasets by digest, load, configuration, metrics, ' +
    'verdict, moves.',
  example: 'explain bike-demand@production',
  run: async (command, { words }) => {
    const { model: name, selector } = parseVersionName(words[0]);
    const model = getModel(await command.configurations(), name);
    const lineage = await explainVersion(await command.deployment(), { model: model.name, selector });
    if ('reason' in lineage) printUnexplained(command.output, lineage);
    else printLineage(command.output, lineage);
    const page = mlflowPage(command.environment, lineage);
    if (page !== undefined) command.output.line(`  ${'in MLflow'.padEnd(12)} ${page}`);
    command.output.document(lineage);
    return exitCode.done;
  },
};

/** Prints a lineage so that it reads without the source: what serves, from what, decided how, moved when. */
export function printLineage(output: Output, lineage: Lineage): void {
  const { verdict, datasets } = lineage;
  printName(output, lineage);
  const rows: [string, string][] = [
    ['run', `${lineage.runId}, ${lineage.verb} by ${lineage.by ?? 'unknown'} at ${lineage.trainedAt}`],
    ['git commit', describeCommit(lineage.gitCommit)],
    ['data', `feature table ${lineage.featureTable} as known at load ${lineage.watermark}`],
    ...(['train', 'test', 'predictions'] as const).map((kind): [string, string] => {
      const { digest, ref } = datasets[kind];
      return [
        kind,
        `${digest}  ${ref === null ? 'swept' : `${ref.schema}.${ref.table}, ${ref.rowCount} rows`}`,
      ];
    }),
    ...describeInputs(lineage.inputs),
    ['artifact', lineage.artifactDigest],
    [
      'test',
      Object.entries(lineage.metrics)
        .map(([key, value]) => `${key} ${formatNumber(value)}`)
        .join(', '),
    ],
    ['verdict', verdict.sentence],
  ];
  printRows(output, rows);
  printMoves(output, lineage);
}

/** Prints what is known of a version that no deployment is known of, the reason first. */
function printUnexplained(output: Output, version: UnexplainedVersion): void {
  const { runId, reason, description, artifactDigest } = version;
  printName(output, version);
  printRows(output, [
    ['lineage', `none: ${reason}`],
    ['run', runId ?? 'none'],
    ['artifact', artifactDigest ?? 'unknown'],
    ...(description === '' ? [] : [['description', description] satisfies [string, string]]),
  ]);
  printMoves(output, version);
}

type Named = Pick<Lineage, 'registeredName' | 'version' | 'aliases' | 'moves'>;

function printName(output: Output, { registeredName, version, aliases }: Named): void {
  const names = aliases.length === 0 ? 'no alias' : aliases.join(', ');
  output.line(output.paint('bold', `${registeredName} version ${version} (${names})`));
}

function printRows(output: Output, rows: readonly (readonly [string, string])[]): void {
  for (const [label, text] of rows) output.line(`  ${label.padEnd(12)} ${text}`);
}

function printMoves(output: Output, { moves }: Named): void {
  for (const move of moves) {
    const at = new Date(move.movedAt / 1000).toISOString();
    output.line(
      `  ${'moved'.padEnd(12)} ${at} ${move.verb} by ${move.who}: ${move.from ?? 'none'} -> ${move.to} (${move.why})`,
    );
  }
}

function describeInputs(inputs: Lineage['inputs']): [string, string][] {
  if (inputs === null) return [['inputs', 'lost: the file inputs.json of the run is missing or was changed']];
  return [
    ['split', JSON.stringify(inputs.split)],
    ['model', JSON.stringify(inputs.estimator)],
    ['features', inputs.features.join(', ')],
  ];
}
