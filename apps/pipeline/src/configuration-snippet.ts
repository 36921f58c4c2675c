import { inspect, isDeepStrictEqual } from 'node:util';
import { estimatorSchema, type Overrides, type TunedConfiguration } from '@slipway/training';

/** The parts of a configuration that a trial changed, as TypeScript to paste over those of the model's file. */
export function configurationSnippet(configuration: TunedConfiguration, overrides: Overrides): string[] {
  const parts = new Set(Object.keys(overrides).map((path) => path.split('.')[0]!));
  const written = { ...configuration, estimator: withoutDefaults(configuration.estimator) };
  return [...parts].flatMap((part) => {
    const text = inspect(written[part as keyof TunedConfiguration], {
      depth: null,
      breakLength: 100,
      maxArrayLength: null,
      maxStringLength: null,
    });
    return `${part}: ${text},`.split('\n');
  });
}

/** A configuration has its defaults filled in; a person would not write them. */
function withoutDefaults(estimator: unknown): unknown {
  const { params, ...rest } = estimator as { readonly params?: Readonly<Record<string, unknown>> };
  const bare = estimatorSchema.safeParse(rest);
  if (params === undefined || !bare.success || !('params' in bare.data)) return estimator;
  const defaults: Readonly<Record<string, unknown>> = bare.data.params;
  const chosen = Object.entries(params).filter(([name, value]) => !isDeepStrictEqual(value, defaults[name]));
  return chosen.length === 0 ? rest : { ...rest, params: Object.fromEntries(chosen) };
}
