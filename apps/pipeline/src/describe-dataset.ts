import type { CataloguedDataset, ResolvedSplit } from '@slipway/datasets';
import type { InspectedDataset } from '@slipway/deployment';
import { formatBytes } from './format-bytes.ts';

/**
 * A dataset in words, label and text by line: which rows, from which source as known when, split how, used by which
 * version, safe to drop or not.
 */
export function describeDataset({
  dataset,
  window,
  loads,
  usedBy,
  decision,
}: InspectedDataset): [string, string][] {
  const { ref, recipe, createdAt, askedAt, bytes } = dataset;
  return [
    ['rows', `${ref.rowCount}${describeWindow(window)}`],
    ['columns', describeColumns(dataset)],
    ['digest', ref.digest],
    ...('relation' in recipe
      ? describeOrigin(recipe, loads)
      : ([
          ['from', `predictions of ${recipe.model} for the test set with digest ${recipe.testDigest}`],
        ] satisfies [string, string][])),
    ['made', `${formatTime(createdAt)}, last asked for ${formatTime(askedAt)}`],
    ...describeUsers(usedBy),
    ['table', describeTable(dataset, bytes)],
    ['safe to drop', describeSafety(dataset, decision)],
  ];
}

function describeWindow(window: InspectedDataset['window']): string {
  return window === null ? '' : `, event time ${formatTime(window.from)} to ${formatTime(window.to)}`;
}

function describeColumns({ ref, recipe }: CataloguedDataset): string {
  const roles = new Map(
    'relation' in recipe ? recipe.relation.columns.map(({ name, role }) => [name, roleNames[role]]) : [],
  );
  return ref.columns
    .map(({ name, type }) => `${name} (${[type, roles.get(name)].filter(Boolean).join(', ')})`)
    .join(', ');
}

const roleNames = {
  entityKey: 'entity key',
  eventTime: 'event time',
  feature: 'feature',
  target: 'target',
  attribute: 'attribute',
} as const;

function describeOrigin(
  { relation, split, side }: Extract<CataloguedDataset['recipe'], { relation: unknown }>,
  loads: InspectedDataset['loads'],
): [string, string][] {
  const known = Object.entries(relation.watermark).map(([table, load]) => {
    const found = loads.find((entry) => entry.table === table && entry.load === load);
    const when = found === undefined ? '' : `, loaded ${formatTime(found.loadedAt)} from ${found.source}`;
    return `feature table ${table} as known at load ${load}${when}`;
  });
  const target = relation.columns.find(({ role }) => role === 'target');
  const labelled = target === undefined ? '' : `; rows without "${target.name}" are left out`;
  return [
    ['from', `${known.join('; ') || `${relation.source}, which keeps no history`}${labelled}`],
    ['split', `${describeSplit(split)}; these are the ${side === 'test' ? 'test' : 'training'} rows`],
  ];
}

function describeSplit(split: ResolvedSplit): string {
  if (split.kind === 'time') {
    const gap = split.gapHours === 0 ? '' : `, after a gap of ${split.gapHours} hours`;
    return `by time: test rows from ${split.cutoff} on${gap}`;
  }
  const share = `${Number((split.testShare * 100).toPrecision(6))} %`;
  const end = `are test rows, by hash with seed ${split.seed}`;
  if (split.kind === 'random') return `random: ${share} of the rows ${end}`;
  if (split.kind === 'group') return `by group: ${share} of the values of "${split.by}" ${end}`;
  return `stratified (${split.variant}): ${share} of the rows of each value of "${split.by}" ${end}`;
}

function describeUsers(usedBy: InspectedDataset['usedBy']): [string, string][] {
  if (usedBy.length === 0) return [['used by', 'no run']];
  return usedBy.map(({ runId, model, context, version, aliases }) => {
    const names = aliases.length === 0 ? '' : ` (${aliases.join(', ')})`;
    const what = version === null ? `${model}, no version` : `${model} version ${version}${names}`;
    return ['used by', `${what}: ${context} of run ${runId}`];
  });
}

function describeTable({ ref, swept }: CataloguedDataset, bytes: number | null): string {
  const name = `${ref.schema}.${ref.table}`;
  if (swept !== null) return `swept ${formatTime(swept.at)} by ${swept.by}: ${swept.why}`;
  return bytes === null ? `${name} is gone: somebody dropped it by hand` : `${name}, ${formatBytes(bytes)}`;
}

function describeSafety(
  { unrepeatable, recipe }: CataloguedDataset,
  decision: InspectedDataset['decision'],
): string {
  const back =
    'relation' in recipe
      ? 'its recipe builds it again while the source stays'
      : 'its model predicts it again';
  if (decision === null)
    return unrepeatable === null ? `it is swept; ${back}` : `it is gone for good: ${unrepeatable}`;
  if (decision.action === 'drop') return `yes: ${decision.reason}; ${back}`;
  return `no: ${decision.reason}`;
}

function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
