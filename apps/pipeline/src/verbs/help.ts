import type { Verb } from '../verb.ts';

/** The help page: every verb with its words and a line. */
export function helpLines(verbs: ReadonlyMap<string, Verb>): string[] {
  const rows = [...verbs].map(([name, { words, help }]) => [[name, ...words].join(' '), help] as const);
  const width = Math.max(...rows.map(([usage]) => usage.length));
  return [
    'Slipway takes a model from configuration to production and keeps it honest there.',
    '',
    'slipway <verb> [options]',
    '',
    ...rows.map(([usage, help]) => `  ${usage.padEnd(width)}  ${help}`),
    '',
    '"slipway <verb> --help" shows the options of a verb and an example. Every verb takes',
    '--json (one document on stdout), --config <file>, --verbose (stack traces).',
    'DATABASE_URL names a Postgres server; unset, an embedded one runs under .slipway/. SLIPWAY_ENV',
    'names the environment (default development).',
    'Exit codes: 0 done, nothing to do or held; 2 usage or configuration; 3 data; 4 candidate rejected by',
    'the gate; 5 drift alert; 6 a dependency is unreachable; 1 anything unexpected.',
  ];
}
