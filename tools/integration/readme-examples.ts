import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced TypeScript block of a README. */
export interface ReadmeExample {
  readonly code: string;
  /** What the comments behind its `console.log` promise. Matches the whole output, white space collapsed. */
  readonly output: RegExp;
}

/** The TypeScript examples of the README in a folder, in order. */
export function readmeExamples(folder: string): ReadmeExample[] {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);
  return blocks.map((code) => ({ code, output: promisedOutput(code) }));
}

/** The output of an example in the form that promises are written in: one line. */
export const collapseSpace = (output: string): string => output.trim().replace(/\s+/g, ' ');

/** In a promise, `...` stands for any text. Lines print in the order in which they stand. */
function promisedOutput(code: string): RegExp {
  const promises = [...code.matchAll(/console\.log\(.* \/\/ (.*)$/gm)].map(([, promise]) => promise!);
  const pattern = promises.map((promise) => promise.split('...').map(escapePattern).join('.*')).join(' ');
  return new RegExp(`^${pattern}$`);
}

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
