import { describe, expect, it } from 'vitest';
import { parseCommandLine } from './command-line.ts';
import { verbs } from './verbs/index.ts';

describe('parseCommandLine', () => {
  it('finds verbs of one and of two words, with words and options around them', () => {
    const line = parseCommandLine(['features', 'load', '--file', 'a.csv', 'bikes', '--json'], verbs);
    expect([line.verb, line.words, line.json, line.option('file')]).toEqual([
      'features load',
      ['bikes'],
      true,
      'a.csv',
    ]);
    expect(parseCommandLine(['deploy'], verbs)).toMatchObject({ verb: 'deploy', words: [], verbose: false });
  });

  it('takes no option twice: the one that counts would be a guess', () => {
    const twice = ['try', 'bikes', '--set', 'a=1', '--set', 'b=2'];
    expect(() => parseCommandLine(twice, verbs)).toThrow(/--set was given twice/);
    expect(parseCommandLine(['plan', '--json', '--json'], verbs).json).toBe(true);
  });

  it('asks for help when nothing, "help" or --help is said', () => {
    for (const args of [[], ['help'], ['deploy', '--help'], ['-h']]) {
      expect(parseCommandLine(args, verbs).verb).toBe('help');
    }
    expect(parseCommandLine(['help'], verbs).words).toEqual([]);
  });

  it.each([
    [['features', 'load', '--help']],
    [['features', 'load', 'diamonds', '--file', 'x', '-h']],
    [['help', 'features', 'load']],
  ])('asks for the help of a verb with %j', (args) => {
    expect(parseCommandLine(args, verbs)).toMatchObject({ verb: 'help', words: ['features load'] });
  });

  it.each([
    [['help', 'depoly'], /Did you mean "slipway deploy"/],
    [['depoly'], /Did you mean "slipway deploy"/],
    [['db'], /"slipway db" needs another word: expected slipway db status, slipway db stop/],
    [['db', 'restart'], /There is no verb "slipway db restart": expected slipway db status, slipway db stop/],
    [['datasets'], /expected slipway datasets list, slipway datasets show/],
    [['help', 'features'], /expected slipway features load, slipway features check/],
    [['features', 'laod', 'x'], /Did you mean "slipway features load"/],
    [['deploy', '--jsn'], /Did you mean --json/],
    [['deploy', '--file', 'x'], /does not take --file/],
    [['features', 'load'], /slipway features load <table>/],
    [['explain', 'a', 'b'], /wrong number of words/],
    [['deploy', '--reason'], /Option --reason needs a value\. Write --reason <value>/],
    [['--version'], /Option --version needs a value/],
    [['features', 'load', 'x', '--file', '--json'], /Option --file needs a value.*--file=<value>/],
    [['clean', '--apply=yes'], /Option --apply takes no value\. Write --apply alone/],
  ])('%j is refused with a hint', (args, message) => {
    expect(() => parseCommandLine(args, verbs)).toThrow(message);
    expect(() => parseCommandLine(args, verbs)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
