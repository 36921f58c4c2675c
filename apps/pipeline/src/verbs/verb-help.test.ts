import { describe, expect, it } from 'vitest';
import { parseCommandLine, sharedOptions } from '../command-line.ts';
import { verbHelpLines } from './verb-help.ts';
import { verbs } from './index.ts';

/** The words of a shell line; double quotes keep spaces. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);

describe.each([...verbs])('the help of %s', (name, verb) => {
  const lines = verbHelpLines(name, verb);

  it('has an example that is understood as this verb', () => {
    const example = lines.at(-1)?.replace('For example: slipway ', '');
    expect(parseCommandLine(wordsOf(example!), verbs).verb).toBe(name);
  });

  it('begins with its usage and lists exactly the options that it takes', () => {
    expect(lines[0]).toMatch(new RegExp(`^slipway ${name}( |$)`));
    const listed = lines.flatMap((line) => /^ {2}--([a-z-]+)/.exec(line)?.[1] ?? []);
    expect(listed).toEqual([...verb.options, ...sharedOptions]);
  });
});
