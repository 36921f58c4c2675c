import { checkIdentifier, parseConfiguration, SlipwayError } from '@slipway/contracts';
import { systemColumns } from '@slipway/database';
import { rowConstraints } from './constraints.ts';
import { featureTableSchema, rowKey, type FeatureTable, type FeatureTableInput } from './feature-table.ts';
import { findDoubled } from './find-doubled.ts';
import { findWidthProblem } from './row-width.ts';

/** Column names the storage takes for itself, and those that Postgres has in every table. */
const reserved = new Set(['loaded_by', 'superseded_by', ...systemColumns]);

/**
 * Checks a feature-table configuration and fills in defaults.
 * @throws SlipwayError `configuration_invalid` naming every problem; unknown keys come with the nearest right one
 */
export function defineFeatureTable(definition: FeatureTableInput): FeatureTable {
  const name = typeof definition?.name === 'string' ? ` "${definition.name}"` : '';
  const table = parseConfiguration(featureTableSchema, `feature table configuration${name}`, definition);
  checkIdentifier(table.name, 'The name of a feature table');
  for (const column of Object.keys(table.columns))
    checkIdentifier(column, `Column of feature table ${table.name}`);
  const problems = findProblems(table);
  if (problems.length === 0) return table;
  throw new SlipwayError('configuration_invalid', {
    what: `The feature table configuration "${table.name}" is not valid: ${problems.join('; ')}`,
    details: { problems },
  });
}

function findProblems(table: FeatureTable): string[] {
  const { columns, unique, checks, eventTime } = table;
  const tooWide = findWidthProblem(columns);
  const problems = tooWide === undefined ? [] : [tooWide];
  const keys = new Set(rowKey(table));
  for (const name of [...keys, ...unique.flat()]) {
    if (!Object.hasOwn(columns, name)) problems.push(`"${name}" is named as a key and is no column`);
    else if (keys.has(name) && columns[name]?.nullable === true)
      problems.push(`"${name}" is a key and cannot be nullable`);
  }
  if (eventTime !== undefined && columns[eventTime]?.type !== 'datetime')
    problems.push(`"${eventTime}" is the event time and must be of type datetime`);
  problems.push(...findRepeats(table));
  for (const [name, { type, range, enum: values, pattern }] of Object.entries(columns)) {
    if (reserved.has(name)) problems.push(`"${name}" is a name the storage takes for itself`);
    if (range !== undefined && type !== 'double' && type !== 'long')
      problems.push(`"${name}" has a range and is no number`);
    if (range !== undefined && range[0] > range[1])
      problems.push(`"${name}" has a range that ends before it begins`);
    if ((values ?? pattern) !== undefined && type !== 'string')
      problems.push(`"${name}" has an enum or pattern and is no string`);
  }
  for (const { name } of checks) checkIdentifier(name, `Check of feature table ${table.name}`);
  const names = rowConstraints(table).map((constraint) => constraint.name);
  for (const name of findDoubled(names)) problems.push(`two constraints are named "${name}"`);
  return problems;
}

/** Columns and sets that are named twice: a second index of the same columns, or a key that is none. */
function findRepeats({ entityKey, eventTime, unique }: FeatureTable): string[] {
  const problems = findDoubled(entityKey).map((name) => `"${name}" is in the entity key more than once`);
  if (eventTime !== undefined && entityKey.includes(eventTime))
    problems.push(`"${eventTime}" is the event time and in the entity key; it belongs in one of them`);
  for (const set of unique)
    for (const name of findDoubled(set))
      problems.push(`"${name}" is more than once in the unique set ${set.join(', ')}`);
  for (const set of findDoubled(unique.map((columns) => columns.toSorted().join(', '))))
    problems.push(`the unique set ${set} is there more than once`);
  return problems;
}
