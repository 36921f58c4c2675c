import { SlipwayError } from '@slipway/contracts';
import { cleanUp, defaultRetention, type CleanOutcome } from '@slipway/deployment';
import type { Output } from '../output.ts';
import { exitCode } from '../exit-code.ts';
import { formatBytes } from '../format-bytes.ts';
import { parseCount } from '../parse-count.ts';
import { formatTable } from '../table.ts';
import type { Verb } from '../verb.ts';

const { keepVersions, keepDays } = defaultRetention;

export const clean: Verb = {
  words: [],
  options: ['apply', 'keep-versions', 'keep-days'],
  help: 'Show which training data nothing needs, drop it with --apply',
  more:
    'Data of aliased versions, of the newest versions of each model (--keep-versions) and of the last ' +
    'days (--keep-days) stays.',
  example: 'clean',
  run: async (command, line) => {
    const rules = {
      keepVersions: parseCount(line.option('keep-versions'), '--keep-versions') ?? keepVersions,
      keepDays: parseCount(line.option('keep-days'), '--keep-days') ?? keepDays,
    };
    const outcome = await cleanUp(await command.deployment(), { ...rules, apply: line.flag('apply') });
    printClean(command.output, outcome);
    if (outcome.failures.length > 0) throw unfinished(outcome);
    command.output.document(documentOf(outcome));
    return exitCode.done;
  },
};

/** The failure with the report of what was done all the same: a program gets both in one document. */
function unfinished(outcome: CleanOutcome): SlipwayError {
  const { failures } = outcome;
  const [first] = failures;
  const known = SlipwayError.isInstance(first) ? first : undefined;
  const messages = failures.map(({ message }) => message.replace(/\.$/, ''));
  return new SlipwayError(known?.code ?? 'unexpected', {
    what: 'Not everything was swept; what the report says was dropped is gone',
    received: messages.join('; '),
    next: 'Run it again, when the reason has passed: it drops the rest',
    details: { ...known?.details, report: documentOf(outcome) },
    cause: first,
  });
}

function printClean(output: Output, outcome: CleanOutcome): void {
  printDatasets(output, outcome);
  const did = outcome.applied ? 'dropped' : 'to drop';
  for (const { table, keepFrom, rows } of outcome.featureTables)
    if (rows > 0)
      output.line(
        `clean: ${rows} superseded rows of ${table} ${did}; load ${keepFrom} and later can be read`,
      );
  if (outcome.rejects > 0) output.line(`clean: ${outcome.rejects} reports of refused batches ${did}`);
}

function printDatasets(output: Output, { applied, datasets, dropped, bytes }: CleanOutcome): void {
  const rows = datasets.map(({ dataset, action, reason }) => [
    action,
    dataset.ref.table,
    String(dataset.ref.rowCount),
    formatBytes(dataset.bytes ?? 0),
    reason,
  ]);
  if (rows.length === 0) return output.line('clean: there are no datasets');
  for (const text of formatTable([['', 'dataset', 'rows', 'size', 'because'], ...rows])) output.line(text);
  const doomed = datasets.filter(({ action }) => action === 'drop').length;
  if (doomed === 0) output.line('clean: everything is needed');
  else if (applied)
    output.line(
      `clean: ${dropped.length} of ${doomed} tables dropped, ${formatBytes(bytes)}; their recipes stay`,
    );
  else output.line(`clean: --apply would drop ${doomed} tables, ${formatBytes(bytes)}; their recipes stay`);
}

function documentOf({ datasets, failures, ...rest }: CleanOutcome): object {
  return {
    ...rest,
    failures: failures.map(({ message }) => message),
    datasets: datasets.map(({ dataset: { ref, bytes }, action, reason }) => ({
      table: ref.table,
      digest: ref.digest,
      rows: ref.rowCount,
      bytes,
      action,
      reason,
    })),
  };
}
