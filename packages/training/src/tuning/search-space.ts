import { SlipwayError } from '@slipway/contracts';
import { MersenneTwister19937, real } from 'random-js';
import { z } from 'zod';

const choices = z.array(z.unknown()).min(1);
const range = z
  .strictObject({
    from: z.number(),
    to: z.number(),
    /** `log`: each power of ten is as likely as the next. */
    scale: z.enum(['linear', 'log']).default('linear'),
    /** Whole numbers only. */
    integer: z.boolean().default(false),
  })
  .refine(({ from, to, scale }) => from < to && (scale === 'linear' || from > 0), {
    message: 'a range needs "from" below "to", and above 0 on a log scale',
  })
  .refine(({ from, to, integer }) => !integer || (Number.isInteger(from) && Number.isInteger(to)), {
    message: 'a range of whole numbers needs whole "from" and "to"',
  });

/**
 * What a search may change: dotted paths into a configuration (`estimator.params.maxDepth`, `preprocessing.0.with`, `features`),
 * each with the values to try, or a range to draw from. The value null leaves out what stands there.
 */
export const searchSpaceSchema = z
  .record(z.string().min(1), z.union([choices, range]))
  .refine((space) => Object.keys(space).length > 0, { message: 'a search needs something to change' });
export type SearchSpace = z.output<typeof searchSpaceSchema>;

/** Values by path: what one trial changes. */
export type Overrides = Readonly<Record<string, unknown>>;

/** What a grid may have: more would take days, and more memory than there is. */
const mostCombinations = 100_000;

/**
 * Every combination of the values of a space, the last path changing fastest.
 * @throws SlipwayError `parameter_invalid` for a range, which has no end of values, and for more than 100,000 combinations
 */
export function gridOf(space: SearchSpace): Overrides[] {
  const lists = Object.entries(space).map(([path, values]) => [path, listOf(path, values)] as const);
  const count = lists.reduce((product, [, values]) => product * values.length, 1);
  if (count > mostCombinations) {
    throw new SlipwayError('parameter_invalid', {
      what: 'The grid has too many combinations',
      expected: `at most ${mostCombinations}`,
      received: `${count}`,
      next: 'List fewer values, or search at random',
    });
  }
  return lists.reduce<Overrides[]>(
    (combinations, [path, values]) =>
      combinations.flatMap((combination) => values.map((value) => ({ ...combination, [path]: value }))),
    [{}],
  );
}

function listOf(path: string, values: SearchSpace[string]): readonly unknown[] {
  if (Array.isArray(values)) return values;
  throw new SlipwayError('parameter_invalid', {
    what: `A grid needs values for "${path}", and has a range`,
    next: 'List the values, or search at random',
  });
}

/** As many draws from a space as asked for, each path on its own; the same for the same seed, and none twice. */
export function drawFrom(
  space: SearchSpace,
  { trials, seed }: { readonly trials: number; readonly seed: number },
): Overrides[] {
  const engine = MersenneTwister19937.seed(seed);
  const uniform = real(0, 1);
  const drawn = new Map<string, Overrides>();
  // A small space may have fewer combinations than trials.
  const most = Math.min(trials, combinationsOf(space));
  for (let draw = 0; drawn.size < most && draw < 20 * trials; draw += 1) {
    const overrides = Object.fromEntries(
      Object.entries(space).map(([path, values]) => [path, pick(values, uniform(engine))]),
    );
    drawn.set(JSON.stringify(overrides), overrides);
  }
  return [...drawn.values()];
}

/** Infinity where a space has a range that is not of whole numbers. */
function combinationsOf(space: SearchSpace): number {
  return Object.values(space).reduce((product, values) => product * countOf(values), 1);
}

function countOf(values: SearchSpace[string]): number {
  if (Array.isArray(values)) return new Set(values.map((value: unknown) => JSON.stringify(value))).size;
  const { from, to, integer } = values;
  return integer ? to - from + 1 : Infinity;
}

/**
 * A configuration with some values replaced, or left out where the new value is null.
 * @throws SlipwayError `parameter_invalid` for a path whose parent is not there
 */
export function withOverrides<T>(configuration: T, overrides: Overrides): T {
  const changed = structuredClone(configuration);
  for (const [path, value] of Object.entries(overrides)) {
    const keys = path.split('.');
    const parent = keys.slice(0, -1).reduce<unknown>(ownMember, changed);
    if (typeof parent !== 'object' || parent === null || keys.at(-1) === '__proto__') {
      throw new SlipwayError('parameter_invalid', {
        what: `The search changes "${path}", and what it may change has nothing there`,
        expected: `a path that begins with ${Object.keys(configuration as object).join(', ')}`,
        next: 'Correct the path',
      });
    }
    const [values, key] = [parent as Record<string, unknown>, keys.at(-1)!];
    if (value !== null) values[key] = structuredClone(value);
    else if (Array.isArray(values)) values[key as never] = leftOut as never;
    else delete values[key];
  }
  return withoutLeftOut(changed) as T;
}

/** What an object holds itself: what it inherits is shared with every other. */
function ownMember(value: unknown, key: string): unknown {
  const isHeld = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
  return isHeld ? (value as Record<string, unknown>)[key] : undefined;
}

/** Stands in an array until all paths have been applied: the places of the others must not move before. */
const leftOut = Symbol('left out');

function withoutLeftOut(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== leftOut).map(withoutLeftOut);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutLeftOut(member)]));
}

/** @param share 0 to 1, of the way through the values */
function pick(values: SearchSpace[string], share: number): unknown {
  if (Array.isArray(values)) return values[Math.min(values.length - 1, Math.floor(share * values.length))];
  const { from, to, scale, integer } = values;
  // A whole number has as much room as any other: half a step more at both ends.
  const [low, high] = integer ? [from - 0.5, to + 0.5] : [from, to];
  const value =
    scale === 'log'
      ? Math.exp(Math.log(from) + share * (Math.log(to) - Math.log(from)))
      : low + share * (high - low);
  return integer ? Math.min(to, Math.max(from, Math.round(value))) : value;
}
