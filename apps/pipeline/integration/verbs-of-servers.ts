import { parseCommandLine } from '../src/command-line.ts';
import { verbs } from '../src/verbs/index.ts';

/** A command line, and the servers it asks. */
export interface ServerVerb {
  readonly args: readonly string[];
  readonly asks: 'database' | 'both';
}

const file = ['--file', 'apps/pipeline/data/bike-hours.csv', '--to', '2011-03-01'];
const why = ['--reason', 'a test'];

/** Stands in a command line for a dataset that is there: its digest is known once there was a deployment. */
export const storedDataset = '<dataset>';

const lines: readonly (readonly string[])[] = [
  ['features', 'load', 'bike_hours', ...file],
  ['features', 'status'],
  ['labels', 'load', 'bike-demand', ...file],
  ['db', 'status'],
  ['db', 'migrate'],
  ['plan'],
  ['deploy', 'bike-demand'],
  ['retrain', 'bike-demand'],
  ['try', 'bike-demand', '--set', 'targetTransform=log'],
  ['tune', 'bike-demand'],
  ['monitor'],
  ['promote', 'bike-demand', '--version', '1', ...why],
  ['promote', 'bike-demand', '--run', 'a'.repeat(32), ...why],
  ['rollback', 'bike-demand', ...why],
  ['status'],
  ['explain', 'bike-demand@production'],
  ['serve', 'bike-demand', '--port', '0'],
  ['predict', 'bike-demand@production'],
  ['datasets', 'list'],
  ['datasets', 'show', storedDataset],
  ['datasets', 'diff', storedDataset, storedDataset],
  ['datasets', 'export', storedDataset, '--file', 'rows.csv'],
  ['clean'],
  ['features', 'check', 'bike_hours', ...file],
  ['erase', 'bike_hours', '--key', 'system=a', ...why],
  ['demo'],
];

/** Every verb that asks a server. The database is asked by all, MLflow by those that refuse an embedded registry. */
export const serverVerbs: readonly ServerVerb[] = lines.map((args) => ({
  args,
  asks: (verbs.get(nameOf(args))?.refusesEmbedded ?? 'both') === 'both' ? 'both' : 'database',
}));

/** The verbs that no server is asked for. */
const localVerbs = ['db url', 'db stop'];

/** Verbs of the program that stand in neither list: a new one has to get a command line. */
export function unlistedVerbs(): string[] {
  const listed = [...localVerbs, ...lines.map(nameOf)];
  return [...verbs.keys()].filter((verb) => !listed.includes(verb));
}

function nameOf(args: readonly string[]): string {
  return parseCommandLine(args, verbs).verb;
}
