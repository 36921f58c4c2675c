import type { PreprocessingStep } from './preprocessing-schema.ts';

/** Columns as the steps make them, each with the raw columns whose NULL makes it NULL. */
type Sources = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Raw columns in which a model takes NULL: some step fills what was NULL of it, and nothing else that is made of it stays NULL.
 * @param names of the raw columns
 */
export function nullableInputs(
  steps: readonly PreprocessingStep[],
  names: readonly string[],
): ReadonlySet<string> {
  let sources: Sources = new Map(names.map((name) => [name, new Set([name])]));
  const filled = new Set<string>();
  for (const step of steps) {
    if (step.step === 'impute') for (const source of sourcesOf(sources, step.columns)) filled.add(source);
    sources = traceStep(sources, step);
  }
  const open = sourcesOf(sources, sources.keys());
  return new Set([...filled].filter((name) => !open.has(name)));
}

function traceStep(sources: Sources, step: PreprocessingStep): Sources {
  switch (step.step) {
    case 'impute':
      return replace(sources, step.columns, (name) => [[name, new Set()]]);
    case 'dateParts':
      return replace(sources, step.columns, (name, of) => step.parts.map((part) => [`${name}_${part}`, of]));
    case 'cyclic':
      return replace(sources, step.columns, (name, of) => [
        [`${name}_sin`, of],
        [`${name}_cos`, of],
      ]);
    case 'drop':
      return replace(sources, step.columns, () => []);
    case 'ratio':
      return new Map([...sources, [step.as, sourcesOf(sources, [step.numerator, step.denominator])]]);
    case 'product':
      return new Map([...sources, [step.as, sourcesOf(sources, step.columns)]]);
    // `oneHot` refuses NULL at once, whatever becomes of its columns; the others keep it.
    default:
      return sources;
  }
}

function replace(
  sources: Sources,
  names: readonly string[],
  by: (name: string, of: ReadonlySet<string>) => [string, ReadonlySet<string>][],
): Sources {
  return new Map(
    [...sources].flatMap(([name, of]) => (names.includes(name) ? by(name, of) : [[name, of] as const])),
  );
}

function sourcesOf(sources: Sources, names: Iterable<string>): Set<string> {
  return new Set([...names].flatMap((name) => [...(sources.get(name) ?? [])]));
}
