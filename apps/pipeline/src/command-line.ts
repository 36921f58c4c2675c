import { parseArgs } from 'node:util';
import { nearestName, SlipwayError } from '@slipway/contracts';

/** Options that a verb may take; every verb also takes the shared ones below. */
const options = {
  config: { type: 'string' },
  json: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  reason: { type: 'string' },
  run: { type: 'string' },
  version: { type: 'string' },
  file: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  port: { type: 'string' },
  key: { type: 'string' },
  into: { type: 'string' },
  'datasets-of': { type: 'string' },
  'keep-versions': { type: 'string' },
  'keep-days': { type: 'string' },
  trials: { type: 'string' },
  space: { type: 'string' },
  strategy: { type: 'string' },
  folds: { type: 'string' },
  seed: { type: 'string' },
  set: { type: 'string' },
  apply: { type: 'boolean', default: false },
} as const;

export type OptionName = keyof typeof options;

/** Options that every verb takes. */
export const sharedOptions: readonly OptionName[] = ['config', 'json', 'verbose', 'help'];

/** A verb as the command line offers it. */
export interface VerbSyntax {
  /** Words after the verb, for example `<model>` or `[model]`; square brackets mean optional. */
  readonly words: readonly string[];
  readonly options: readonly OptionName[];
}

export interface CommandLine {
  readonly verb: string;
  readonly words: readonly string[];
  readonly json: boolean;
  readonly verbose: boolean;
  readonly help: boolean;
  readonly option: (name: OptionName) => string | undefined;
  /** Whether an option that takes no value was given. */
  readonly flag: (name: OptionName) => boolean;
}

/** True when the arguments ask for a stack trace, whether or not they parse. */
export function asksForStackTrace(args: readonly string[]): boolean {
  return args.includes('--verbose');
}

/**
 * Parses `slipway <verb> [words] [--options]`. With --help the verb is "help", and the verb that was asked about its word.
 * @throws SlipwayError `usage` for an unknown verb or option (with the nearest right one), missing or extra words
 */
export function parseCommandLine(
  args: readonly string[],
  verbs: ReadonlyMap<string, VerbSyntax>,
): CommandLine {
  const { values, positionals } = parse(args);
  const option = (name: OptionName): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const flag = (name: OptionName): boolean => values[name] === true;
  const flags = { json: values.json === true, verbose: values.verbose === true, help: values.help === true };
  const [verb, words] = findVerb(positionals, verbs);
  if (verb === 'help')
    return { verb, words: words.length > 0 ? [findVerb(words, verbs)[0]] : [], ...flags, option, flag };
  if (flags.help) return { verb: 'help', words: [verb], ...flags, option, flag };
  const syntax = verbs.get(verb) as VerbSyntax;
  checkWords(verb, syntax, words);
  for (const name of Object.keys(values) as OptionName[]) {
    const isGiven = option(name) !== undefined || flag(name);
    if (isGiven && !sharedOptions.includes(name) && !syntax.options.includes(name)) {
      throw new SlipwayError('usage', { what: `"slipway ${verb}" does not take --${name}`, next: hint });
    }
  }
  return { verb, words, ...flags, option, flag };
}

const hint = 'Run "slipway help" for the verbs';

type Parsed = ReturnType<typeof readOptions>;

function parse(args: readonly string[]): Parsed {
  const parsed = understand(args);
  const given = parsed.tokens.flatMap((token) =>
    token.kind === 'option' && token.value !== undefined ? [token.name] : [],
  );
  const twice = given.find((name, place) => given.indexOf(name) !== place);
  if (twice === undefined) return parsed;
  throw new SlipwayError('usage', { what: `--${twice} was given twice`, next: 'Give it once' });
}

function readOptions(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true, strict: true, tokens: true });
}

function understand(args: readonly string[]): Parsed {
  try {
    return readOptions(args);
  } catch (error) {
    const unknown = /'(--?[^' =]+)/.exec((error as Error).message)?.[1] ?? '';
    const name = unknown.replace(/^-+/, '');
    if (Object.hasOwn(options, name)) throw wrongValue(name as OptionName, error);
    const near = nearestName(name, Object.keys(options));
    throw new SlipwayError('usage', {
      what: `Option ${unknown || 'given'} was not understood`,
      next: near === undefined ? hint : `Did you mean --${near}?`,
      cause: error,
    });
  }
}

/** An option that is known, without the value it needs or with one that it does not take. */
function wrongValue(name: OptionName, cause: unknown): SlipwayError {
  const isFlag = options[name].type === 'boolean';
  return new SlipwayError('usage', {
    what: isFlag ? `Option --${name} takes no value` : `Option --${name} needs a value`,
    next: isFlag
      ? `Write --${name} alone`
      : `Write --${name} <value>, or --${name}=<value> where it begins with -`,
    cause,
  });
}

function findVerb(
  positionals: readonly string[],
  verbs: ReadonlyMap<string, VerbSyntax>,
): [string, readonly string[]] {
  const two = positionals.slice(0, 2).join(' ');
  if (verbs.has(two)) return [two, positionals.slice(2)];
  const [one = 'help'] = positionals;
  if (verbs.has(one) || one === 'help') return [one, positionals.slice(1)];
  const group = [...verbs.keys()].filter((verb) => verb.startsWith(`${one} `));
  const near =
    nearestName(two, verbs.keys()) ?? (group.length > 0 ? undefined : nearestName(one, verbs.keys()));
  if (near === undefined && group.length > 0) throw halfVerb(positionals, group);
  throw new SlipwayError('usage', {
    what: 'Unknown verb',
    received: JSON.stringify(one),
    next: near === undefined ? hint : `Did you mean "slipway ${near}"?`,
  });
}

/** The first word of verbs of two words, and nothing that could be the second. */
function halfVerb([first = '', second]: readonly string[], group: readonly string[]): SlipwayError {
  return new SlipwayError('usage', {
    what:
      second === undefined
        ? `"slipway ${first}" needs another word`
        : `There is no verb "slipway ${first} ${second}"`,
    expected: group.map((verb) => `slipway ${verb}`).join(', '),
    next: `Run "slipway help ${group[0]}" for the options of one`,
  });
}

function checkWords(verb: string, { words }: VerbSyntax, given: readonly string[]): void {
  const required = words.filter((word) => !word.startsWith('[')).length;
  if (given.length >= required && given.length <= words.length) return;
  throw new SlipwayError('usage', {
    what: `"slipway ${verb}" was called with the wrong number of words`,
    expected: ['slipway', verb, ...words].join(' '),
    received: `${given.length} after the verb`,
  });
}
