import type { CommandLine, VerbSyntax } from './command-line.ts';
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-code.ts';

/** One verb of the command line: its syntax, a line of help, and what it does. */
export interface Verb extends VerbSyntax {
  readonly help: string;
  /** True when it leaves something behind that a person may want to keep. @default false */
  readonly keepsWork?: boolean;
  /** What it cannot do without: in production, it is refused before anything happens when that would be embedded. @default 'registry' */
  readonly uses?: 'nothing' | 'database' | 'registry';
  readonly run: (command: CommandContext, line: CommandLine) => Promise<ExitCode>;
}
