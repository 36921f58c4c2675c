import { describe, expect, it } from 'vitest';
import diamonds from '../../features/diamonds.ts';
import { parseCommandLine, sharedOptions } from '../command-line.ts';
import { parseKey } from '../parse-key.ts';
import { helpLines } from './help.ts';
import { verbHelpLines } from './verb-help.ts';
import { verbs } from './index.ts';

const widest = (lines: readonly string[]): number => Math.max(...lines.map(({ length }) => length));

/** The words of a shell line; double quotes keep spaces. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);

describe.each([...verbs])('the help of %s', (name, verb) => {
  const lines = verbHelpLines(name, verb);

  it('has an example that is understood as this verb', () => {
    const example = lines.at(-1)?.replace('  slipway ', '');
    expect(parseCommandLine(wordsOf(example!), verbs).verb).toBe(name);
  });

  it('fits into 100 columns', () => {
    expect(widest(lines)).toBeLessThanOrEqual(100);
  });

  it('begins with its usage and lists exactly the options that it takes', () => {
    expect(lines[0]).toMatch(new RegExp(`^slipway ${name}( |$)`));
    const listed = lines.flatMap((line) => /^ {2}--([a-z-]+)/.exec(line)?.[1] ?? []);
    expect(listed).toEqual([...verb.options, ...sharedOptions]);
  });
});

describe('the help', () => {
  const helpOf = (name: string): string => verbHelpLines(name, verbs.get(name)!).join('\n');

  it('of all verbs has a line for each, in 100 columns', () => {
    const lines = helpLines(verbs);
    expect(widest(lines)).toBeLessThanOrEqual(100);
    expect(lines.filter((line) => line.startsWith('  '))).toHaveLength(verbs.size);
  });

  it('of erase has a key that its feature table has', () => {
    const line = parseCommandLine(wordsOf(verbs.get('erase')!.example), verbs);
    expect(line.words).toEqual([diamonds.name]);
    expect(parseKey(diamonds, line.option('key'))).toEqual({ stone: 7 });
  });

  it('says what a verb takes when an option is left out', () => {
    expect(helpOf('clean')).toMatch(/--keep-versions .*default 3\n.*--keep-days .*default 30\n/);
    expect(helpOf('predict')).toContain('default <model>_forecast');
  });

  it('calls a file CSV or Parquet only where it may be both', () => {
    expect(helpOf('features load')).toContain('.parquet');
    for (const name of ['datasets export', 'labels load']) expect(helpOf(name)).not.toMatch(/parquet/i);
  });
});
