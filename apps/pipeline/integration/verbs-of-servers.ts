import { verbs } from '../src/verbs/index.ts';

/** A command line, and the servers it cannot do without. */
export interface ServerVerb {
  readonly args: readonly string[];
  readonly needs: 'database' | 'both';
}

const file = ['--file', 'apps/pipeline/data/bike-hours.csv', '--to', '2011-03-01'];
const why = ['--reason', 'a test'];

/** Every verb that asks a server. Only `deploy` and its like ask MLflow; the database is asked by all. */
export const serverVerbs: readonly ServerVerb[] = [
  { args: ['features', 'load', 'bike_hours', ...file], needs: 'database' },
  { args: ['features', 'status'], needs: 'database' },
  { args: ['labels', 'load', 'bike-demand', ...file], needs: 'database' },
  { args: ['db', 'status'], needs: 'database' },
  { args: ['db', 'migrate'], needs: 'database' },
  { args: ['plan'], needs: 'both' },
  { args: ['deploy', 'bike-demand'], needs: 'both' },
  { args: ['retrain', 'bike-demand'], needs: 'both' },
  { args: ['monitor'], needs: 'both' },
  { args: ['promote', 'bike-demand', '--version', '1', ...why], needs: 'both' },
  { args: ['promote', 'bike-demand', '--run', 'a'.repeat(32), ...why], needs: 'both' },
  { args: ['rollback', 'bike-demand', ...why], needs: 'both' },
  { args: ['status'], needs: 'both' },
  { args: ['explain', 'bike-demand@production'], needs: 'both' },
  { args: ['serve', 'bike-demand', '--port', '0'], needs: 'both' },
  { args: ['demo'], needs: 'both' },
];

/** The verbs that no server is asked for. */
export const localVerbs: readonly string[] = ['db url', 'db stop'];

/** Verbs of the program that stand in neither list: a new one has to say which servers it needs. */
export function unlistedVerbs(): string[] {
  const listed = serverVerbs.map(({ args }) => args.join(' '));
  const isListed = (verb: string): boolean =>
    localVerbs.includes(verb) || listed.some((line) => `${line} `.startsWith(`${verb} `));
  return [...verbs.keys()].filter((verb) => !isListed(verb));
}
