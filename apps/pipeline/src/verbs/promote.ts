import { SlipwayError } from '@slipway/contracts';
import { promoteRun, promoteVersion, rollBackModel, type MoveOutcome } from '@slipway/deployment';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { getModel } from '../load-configurations.ts';
import type { Output } from '../output.ts';
import { requireReason } from '../require-reason.ts';
import type { Verb } from '../verb.ts';

export const promote: Verb = {
  keepsWork: true,
  words: ['<model>'],
  options: ['run', 'version', 'reason'],
  help: 'Let a version or the model of a refused run serve',
  more: 'By --version or --run; the --reason is kept with the move.',
  example: 'promote bike-demand --version 2 --reason "the owners agreed"',
  run: async (command, line) => {
    const model = getModel(await command.configurations(), line.words[0] ?? '');
    const reason = requireReason(line);
    const [runId, version] = [line.option('run'), line.option('version')];
    if ((runId === undefined) === (version === undefined)) {
      throw new SlipwayError('usage', {
        what: 'Promote takes one of --run and --version',
        next: 'Run "slipway explain" to find them',
      });
    }
    const context = await command.deployment();
    const outcome =
      runId === undefined
        ? await promoteVersion(context, model, { version: version ?? '', reason })
        : await promoteRun(context, model, { runId, reason });
    return printMove(command.output, outcome);
  },
};

export const rollback: Verb = {
  keepsWork: true,
  words: ['<model>'],
  options: ['reason'],
  help: 'Return to the last good version that served before',
  more:
    'The --reason is kept; the version rolled back from is held on the same data until somebody ' +
    'promotes it.',
  example: 'rollback bike-demand --reason "too low on weekends"',
  run: async (command, line) => {
    const model = getModel(await command.configurations(), line.words[0] ?? '');
    const outcome = await rollBackModel(await command.deployment(), model, { reason: requireReason(line) });
    return printMove(command.output, outcome);
  },
};

/** Prints a move of the production alias. */
export function printMove(output: Output, outcome: MoveOutcome): ExitCode {
  const { registeredName, version, move } = outcome;
  if (move === null) output.line(`nothing to do: version ${version} of ${registeredName} already serves`);
  else
    output.line(
      `production of ${registeredName}: version ${move.from ?? 'none'} -> ${move.to} (${move.verb}: ${move.why})`,
    );
  output.document(outcome);
  return exitCode.done;
}
