/** Where a process kills itself: at which of its calls, and how far that call gets. */
export interface Kill {
  /** Number of the statement or HTTP call, from 1; or the source of a pattern, for the first call that it matches. */
  readonly call: number | string;
  readonly moment: 'before' | 'sent' | 'answered';
  /** A stopped process goes on when it is told to. @default 'SIGKILL' */
  readonly signal?: 'SIGKILL' | 'SIGSTOP';
}

/** A text to replace in a source file, to break the program on purpose. */
export interface BrokenSource {
  /** End of the file's path. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** What the launcher `kill-at-call.ts` is told. */
export interface KillOrder {
  /** File that gets a line for each call. */
  readonly trace: string;
  readonly kill?: Kill | undefined;
  readonly broken?: BrokenSource | undefined;
}
