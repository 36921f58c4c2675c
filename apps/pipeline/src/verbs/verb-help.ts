import { defaultRetention } from '@slipway/deployment';
import { sharedOptions, type OptionName } from '../command-line.ts';
import type { Verb } from '../verb.ts';
import { wrapText } from '../wrap-text.ts';

const { keepVersions, keepDays } = defaultRetention;

/** Each option as it is written, and what it says. */
const optionHelp: Readonly<Record<OptionName, readonly [string, string]>> = {
  run: ['--run <id>', 'the run whose model is to serve, as "slipway plan" or the refusal names it'],
  version: ['--version <number>', 'the version that is to serve, as "slipway explain" shows it'],
  reason: ['--reason <text>', 'why, kept in the audit; required'],
  file: ['--file <path>', 'the file, from the folder you are in'],
  from: ['--from <time>', 'only rows from this event time on, such as 2011-07-01'],
  to: ['--to <time>', 'only rows before this event time'],
  port: ['--port <number>', 'where it listens, 0 for a free port; default PORT, or 8080'],
  key: ['--key <column=value>', 'the entity key; several columns between commas, or JSON'],
  into: ['--into <table>', 'the table of predictions, or schema.table; default <model>_forecast'],
  'datasets-of': ['--datasets-of <version>', 'train on exactly the datasets of that alias or version number'],
  'keep-versions': [
    '--keep-versions <n>',
    `the newest versions of each model whose data stays; default ${keepVersions}`,
  ],
  'keep-days': ['--keep-days <n>', `data that was asked for within so many days stays; default ${keepDays}`],
  trials: ['--trials <n>', 'how many configurations to draw, the one as it is among them; default 20'],
  space: [
    '--space <file>',
    'what may change: JSON, by path the values or { "from", "to" }; default by family',
  ],
  strategy: [
    '--strategy <name>',
    'random (default), grid (every combination) or halving (the best of few rows)',
  ],
  folds: ['--folds <n>', 'parts of the training set, each scored by a model of the others; default 3'],
  seed: ['--seed <n>', 'of what is drawn; default 1'],
  set: ['--set <path=value>', 'the change, such as estimator.params.maxDepth=12; several as a JSON object'],
  apply: ['--apply', 'do it; without it, only say what would happen'],
  config: ['--config <file>', 'the project; default slipway.config.ts here or in a folder above'],
  json: ['--json', 'one document on stdout, text on stderr'],
  verbose: ['--verbose', 'the stack trace of a failure'],
  help: ['--help, -h', 'this text'],
};

/** What a terminal shows without breaking lines of its own. */
const lineWidth = 100;

/** The help of one verb: usage, what it does, options, an example. */
export function verbHelpLines(name: string, { words, options, help, more, example }: Verb): string[] {
  const rows = [...options, ...sharedOptions].map((option) => optionHelp[option]);
  const width = Math.max(...rows.map(([written]) => written.length));
  return [
    ['slipway', name, ...words, options.length === 0 ? '' : '[options]'].join(' ').trimEnd(),
    '',
    `${help}.`,
    ...(more === undefined ? [] : wrapText(more, lineWidth)),
    '',
    ...rows.flatMap(([written, says]) =>
      wrapText(says, lineWidth - width - 4).map(
        (text, line) => `  ${(line === 0 ? written : '').padEnd(width)}  ${text}`,
      ),
    ),
    '',
    'For example:',
    `  slipway ${example}`,
  ];
}
