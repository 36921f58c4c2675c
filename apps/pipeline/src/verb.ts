import type { CommandLine, VerbSyntax } from './command-line.ts';
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-code.ts';

/** One verb of the command line: its syntax, its help, and what it does. */
export interface Verb extends VerbSyntax {
  /** What it does, in a line. */
  readonly help: string;
  /** What a line does not hold, for the help of this verb alone. @default nothing */
  readonly more?: string;
  /** A command line of it, without "slipway", that does something in this repository. */
  readonly example: string;
  /** True when it leaves something behind that a person may want to keep. @default false */
  readonly keepsWork?: boolean;
  /** True when a run after a failure goes on where that one stopped. @default false */
  readonly goesOn?: boolean;
  /** In production the verb is refused, before anything happens, when one of these would be embedded. @default 'both' */
  readonly refusesEmbedded?: 'none' | 'database' | 'both';
  readonly run: (command: CommandContext, line: CommandLine) => Promise<ExitCode>;
}
