/** Where a verb writes. Text goes to people; with `--json` one document goes to programs and text to stderr. */
export interface Output {
  readonly json: boolean;
  /** A line for people. */
  readonly line: (text?: string) => void;
  /** Progress in place on a terminal; nothing elsewhere. */
  readonly progress: (text: string) => void;
  /** The one JSON document of a verb; printed only with `--json`. */
  readonly document: (value: unknown) => void;
  readonly paint: Paint;
}

/** Colours on a terminal, plain text elsewhere. */
export type Paint = (color: 'green' | 'red' | 'yellow' | 'dim' | 'bold', text: string) => string;

interface Stream {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

const codes = { green: 32, red: 31, yellow: 33, dim: 2, bold: 1 } as const;

/** Builds the output of one command. */
export function createOutput(options: {
  stdout: Stream;
  stderr: Stream;
  json: boolean;
  color: boolean;
}): Output {
  const { stdout, stderr, json, color } = options;
  const people = json ? stderr : stdout;
  const terminal = people.isTTY === true;
  let pending = false;
  const clear = (): void => {
    if (pending) people.write('\r\x1b[2K');
    pending = false;
  };
  return {
    json,
    line: (text = '') => {
      clear();
      people.write(`${text}\n`);
    },
    progress: (text) => {
      if (!terminal) return;
      clear();
      people.write(text);
      pending = true;
    },
    document: (value) => {
      clear();
      if (json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    paint: (name, text) => (terminal && color ? `\x1b[${codes[name]}m${text}\x1b[0m` : text),
  };
}
