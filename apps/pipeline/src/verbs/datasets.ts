import { resolve } from 'node:path';
import { SlipwayError } from '@slipway/contracts';
import {
  diffDatasets,
  exportDataset,
  getDataset,
  listDatasets,
  rebuildDataset,
  verifyDataset,
  type CataloguedDataset,
  type DatasetDiff,
} from '@slipway/datasets';
import { inspectDataset } from '@slipway/deployment';
import type { CommandContext } from '../command-context.ts';
import { describeDataset } from '../describe-dataset.ts';
import { exitCode } from '../exit-code.ts';
import { formatBytes } from '../format-bytes.ts';
import type { Output } from '../output.ts';
import { formatTable } from '../table.ts';
import type { Verb } from '../verb.ts';
import { writeNewFile } from '../write-new-file.ts';

export const datasetsList: Verb = {
  refusesEmbedded: 'database',
  words: [],
  options: [],
  help: 'List every training, test and prediction table',
  more: 'With rows, size and who used it; the swept ones too.',
  example: 'datasets list',
  run: async ({ database, output }) => {
    const datasets = await listDatasets(await database());
    if (datasets.length === 0) output.line('no datasets yet: "slipway deploy" builds the first ones');
    const rows = datasets.map(({ ref, createdAt, bytes, swept, uses }) => [
      ref.table,
      String(ref.rowCount),
      swept !== null ? 'swept' : bytes === null ? 'gone' : formatBytes(bytes),
      createdAt.toISOString().slice(0, 16).replace('T', ' '),
      [...new Set(uses.map(({ model }) => model))].join(', ') || '-',
    ]);
    if (rows.length > 0)
      for (const text of formatTable([['dataset', 'rows', 'size', 'made (UTC)', 'used by'], ...rows]))
        output.line(text);
    output.document(datasets);
    return exitCode.done;
  },
};

export const datasetsShow: Verb = {
  words: ['<dataset>'],
  options: [],
  help: 'Explain one dataset, by table name or digest',
  more: 'Which rows, from which source as known when, split how, used by which version, safe to drop or not.',
  example: 'datasets show bike_hours_train_0123456789abcdef',
  run: async ({ deployment, output }, { words }) => {
    const inspected = await inspectDataset(await deployment(), words[0] ?? '');
    output.line(output.paint('bold', inspected.dataset.ref.table));
    for (const [label, text] of describeDataset(inspected)) output.line(`  ${label.padEnd(12)} ${text}`);
    output.document(inspected);
    return exitCode.done;
  },
};

export const datasetsDiff: Verb = {
  refusesEmbedded: 'database',
  words: ['<dataset>', '<dataset>'],
  options: [],
  help: 'Compare two datasets: columns and rows only one has',
  example: 'datasets diff bike_hours_train_0123456789abcdef bike_hours_train_fedcba9876543210',
  run: async (command, { words }) => {
    const database = await command.database();
    const first = await getStored(command, words[0] ?? '');
    const second = await getStored(command, words[1] ?? '');
    const diff = await diffDatasets(database, first, second);
    printDiff(command.output, [first.ref.table, second.ref.table], diff);
    command.output.document({ first: first.ref, second: second.ref, ...diff });
    return exitCode.done;
  },
};

export const datasetsExport: Verb = {
  refusesEmbedded: 'database',
  words: ['<dataset>'],
  options: ['file'],
  help: 'Write a dataset as a CSV file, the same bytes everywhere',
  example: 'datasets export bike_hours_train_0123456789abcdef --file train.csv',
  run: async (command, line) => {
    const file = line.option('file');
    if (file === undefined)
      throw new SlipwayError('usage', {
        what: 'No file to write',
        next: 'Add --file <path of a new CSV file>',
      });
    const dataset = await getStored(command, line.words[0] ?? '');
    const path = resolve(command.folder, file);
    const database = await command.database();
    // What leaves the database under this name is what was registered under it.
    await verifyDataset(database, dataset.ref);
    await writeNewFile(path, (onChunk) => exportDataset(database, dataset, { onChunk }));
    command.output.line(`${dataset.ref.rowCount} rows of ${dataset.ref.table} in ${file}`);
    command.output.document({ ...dataset.ref, file: path });
    return exitCode.done;
  },
};

/** A dataset with its table: one that was dropped is built again from its recipe. */
async function getStored(command: CommandContext, name: string): Promise<CataloguedDataset> {
  const database = await command.database();
  const dataset = await getDataset(database, name);
  if (dataset.bytes !== null) return dataset;
  await rebuildDataset(database, dataset.ref.digest);
  const how = dataset.swept === null ? 'dropped by hand' : 'swept';
  command.output.line(`${dataset.ref.table} was ${how}: built again from its recipe, to the same digest`);
  return getDataset(database, dataset.ref.digest);
}

function printDiff(output: Output, tables: readonly [string, string], diff: DatasetDiff): void {
  const { bucketsDiffering, keysChanged } = diff;
  const sides = [
    [tables[0], diff.columnsOnlyInFirst, diff.rowsOnlyInFirst, diff.sampleOfFirst],
    [tables[1], diff.columnsOnlyInSecond, diff.rowsOnlyInSecond, diff.sampleOfSecond],
  ] as const;
  if (sides.every(([, columns, rows]) => columns.length + rows === 0)) return output.line('no difference');
  output.line(
    `${bucketsDiffering} of 256 buckets differ; ${keysChanged} row keys are in both with other values`,
  );
  for (const [table, columns, rows, sample] of sides) {
    output.line(output.paint('bold', `only in ${table}`));
    if (columns.length > 0) output.line(`  columns: ${columns.join(', ')}`);
    output.line(`  rows: ${rows}`);
    const [first] = sample;
    if (first === undefined) continue;
    const cells = sample.map((row) => Object.values(row).map((cell) => cell ?? 'NULL'));
    for (const text of formatTable([Object.keys(first), ...cells], '    ')) output.line(text);
    if (rows > sample.length) output.line('    ...');
  }
}
