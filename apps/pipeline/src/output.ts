import { createPaint, showColors, type Paint } from './create-paint.ts';
import { escapeControls } from './escape-controls.ts';

/** Where a verb writes. Text goes to people; with `--json` one document goes to programs and text to stderr. */
export interface Output {
  readonly json: boolean;
  /** A line for people; control characters in it are written out. */
  readonly line: (text?: string) => void;
  /** A line for people that is no part of a result: on stderr, so that it is seen where stdout goes to a file. */
  readonly note: (text: string) => void;
  /** Progress in place on a terminal; nothing elsewhere. */
  readonly progress: (text: string) => void;
  /** The one JSON document of a verb; printed only with `--json`. */
  readonly document: (value: unknown) => void;
  readonly paint: Paint;
}

interface Stream {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

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
  const style = { color: terminal && color };
  const show = (text: string): string => showColors(escapeControls(text), style);
  let pending = false;
  const clear = (): void => {
    if (pending) people.write('\r\x1b[2K');
    pending = false;
  };
  return {
    json,
    line: (text = '') => {
      clear();
      people.write(`${show(text)}\n`);
    },
    note: (text) => {
      clear();
      stderr.write(`${showColors(escapeControls(text), { color: false })}\n`);
    },
    progress: (text) => {
      if (!terminal) return;
      clear();
      people.write(show(text));
      pending = true;
    },
    document: (value) => {
      clear();
      if (json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    paint: createPaint(style),
  };
}
