import { doubtEnvironment } from '@slipway/registry-client';
import { createCommandContext } from './command-context.ts';
import { asksForStackTrace, parseCommandLine } from './command-line.ts';
import { parseEnvironment } from './environment.ts';
import { explainFailure } from './explain-failure.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { findProject } from './find-project.ts';
import { removeDemoMark } from './demo-mark.ts';
import { createOutput } from './output.ts';
import { refuseEmbedded } from './refuse-embedded.ts';
import { reportFailure } from './report-failure.ts';
import { helpLines } from './verbs/help.ts';
import { verbHelpLines } from './verbs/verb-help.ts';
import { verbs } from './verbs/index.ts';

/** What a command takes from the process it runs in. */
export interface ProcessParts {
  readonly args: readonly string[];
  readonly folder: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly now: () => number;
}

/** Runs one command line from arguments to exit code: one clear message for every failure, nothing left open. */
export async function runCommand({
  args,
  folder,
  variables,
  stdout,
  stderr,
  now,
}: ProcessParts): Promise<ExitCode> {
  const json = args.includes('--json');
  const output = createOutput({ stdout, stderr, json, color: variables['NO_COLOR'] === undefined });
  let goesOn = false;
  try {
    const line = parseCommandLine(args, verbs);
    const verb = verbs.get(line.verb);
    if (verb === undefined) {
      const [topic] = line.words;
      const about = topic === undefined ? helpLines(verbs) : verbHelpLines(topic, verbs.get(topic)!);
      for (const text of about) output.line(text);
      return exitCode.done;
    }
    goesOn = verb.goesOn === true;
    const environment = parseEnvironment(variables);
    const doubt = doubtEnvironment(environment.environment);
    if (doubt !== undefined) stderr.write(`${doubt}\n`);
    refuseEmbedded(verb, environment);
    const project = await findProject(folder, line.option('config'));
    const command = createCommandContext({ environment, output, project, folder, now });
    try {
      if (verb.keepsWork === true) await removeDemoMark(project);
      return await verb.run(command, line);
    } catch (error) {
      throw await explainFailure(error, command);
    } finally {
      await command.close();
    }
  } catch (error) {
    const report = reportFailure(error, { verbose: asksForStackTrace(args), goesOn });
    for (const text of report.lines) stderr.write(`${text}\n`);
    output.document(report.document);
    return report.exitCode;
  }
}
