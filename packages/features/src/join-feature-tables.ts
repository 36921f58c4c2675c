import { SlipwayError, type ColumnSpec, type Relation, type RelationColumn } from '@slipway/contracts';
import { inlineParameters, longestNameBytes, quoteIdentifier, type Database } from '@slipway/database';
import { asOfJoin } from './as-of-join.ts';
import { assignRoles } from './assign-roles.ts';
import { featureRelation, type FeatureRelationOptions } from './feature-relation.ts';
import type { FeatureTable } from './feature-table.ts';
import { findDoubled } from './find-doubled.ts';

/** A feature table whose values are looked up for each row of another one. */
export interface FeatureJoin {
  readonly table: FeatureTable;
  /** Columns to take along. */
  readonly columns: readonly string[];
  /** Its entity key columns, and the columns of the rows that they are compared with. @default the same names */
  readonly on?: Readonly<Record<string, string>>;
  /** Put before the names of its columns, so that they meet no other. @default '' */
  readonly prefix?: string;
  /** Values older than that count as missing; without it the latest is taken, however old. */
  readonly maximumAgeHours?: number;
}

export interface JoinOptions extends Omit<FeatureRelationOptions, 'asOfLoad'> {
  readonly joins: readonly FeatureJoin[];
  /** Load of each table, by name, that rows are taken as known at. @default the newest loads */
  readonly asOf?: Readonly<Record<string, number>>;
}

/**
 * A point-in-time join: each row of a feature table with, from every other one, the latest values of the same entity
 * whose event time is not later than the row's own, as known at a load. Values that came to be later, or that were
 * loaded or corrected later, do not show; where there are none, the columns are NULL. A table without an event time gives
 * its rows as known at the load. The watermark carries every table's load. Features and target may be columns of any of
 * them, joined ones with their prefix.
 * @throws SlipwayError `schema_mismatch` for a column a table lacks or of another type, and for a feature or target that is
 * not among those taken; `configuration_invalid` for names
 * that come twice or are too long, keys that are not all compared, and times that one side lacks
 */
export async function joinFeatureTables(
  database: Database,
  table: FeatureTable,
  { joins, asOf = {}, features, target, ...options }: JoinOptions,
): Promise<Relation> {
  checkLoads(asOf, [table, ...joins.map((join) => join.table)]);
  let joined = await featureRelation(database, table, { ...options, ...loadOf(asOf, table) });
  for (const join of joins) {
    const right = await featureRelation(database, join.table, {
      columns: join.columns,
      ...loadOf(asOf, join.table),
    });
    joined = addJoin({ left: joined, table }, join, right);
  }
  return assignRoles(joined, { features, target });
}

interface LeftSide {
  readonly left: Relation;
  readonly table: FeatureTable;
}

function addJoin({ left, table }: LeftSide, join: FeatureJoin, right: Relation): Relation {
  const { prefix = '', maximumAgeHours } = join;
  const take = join.columns.map((name) => ({ ...columnOf(right, name), as: `${prefix}${name}` }));
  checkNames(left, join, take);
  const on = joinKey(left, join, right);
  const sides = { left: textOf(left), right: textOf(right), leftColumns: left.columns, take, on };
  const rightTime = join.table.eventTime;
  if (maximumAgeHours !== undefined && !(maximumAgeHours >= 0 && Number.isFinite(maximumAgeHours)))
    throw invalid(join, `its maximum age is ${maximumAgeHours} hours`, 'Give a finite one of 0 or more');
  if (rightTime !== undefined && table.eventTime === undefined)
    throw invalid(
      join,
      `it has an event time, and ${table.name} has none to compare it with`,
      'Join it to a table with an event time',
    );
  const sql =
    rightTime === undefined
      ? keyJoin(sides)
      : asOfJoin({ ...sides, leftTime: table.eventTime ?? '', rightTime, maximumAgeHours });
  const added = take.map(({ as, type }): RelationColumn => ({
    name: as,
    type,
    role: 'attribute',
    nullable: true,
  }));
  return {
    ...left,
    sql,
    parameters: [],
    columns: [...left.columns, ...added],
    watermark: { ...left.watermark, ...right.watermark },
  };
}

/** A table without an event time has at most one row of a key. */
function keyJoin({
  left,
  right,
  leftColumns,
  take,
  on,
}: Pick<Parameters<typeof asOfJoin>[0], 'left' | 'right' | 'leftColumns' | 'take' | 'on'>): string {
  const names = [
    ...leftColumns.map(({ name }) => `kept.${quoteIdentifier(name)}`),
    ...take.map(({ name, as }) => `looked_up.${quoteIdentifier(name)} AS ${quoteIdentifier(as)}`),
  ];
  const same = on.map(
    ([name, { name: other }]) => `kept.${quoteIdentifier(name)} = looked_up.${quoteIdentifier(other)}`,
  );
  return `SELECT ${names.join(', ')} FROM (${left}) AS kept LEFT JOIN (${right}) AS looked_up ON ${same.join(' AND ')}`;
}

/** Every entity key column of the joined table beside the column it is compared with, column by column. */
function joinKey(left: Relation, { table, on = {} }: FeatureJoin, right: Relation): [string, ColumnSpec][] {
  const unknown = Object.keys(on).find((name) => !table.entityKey.includes(name));
  if (unknown !== undefined) {
    const next = `Compare ${table.entityKey.join(', ')} with columns of the rows in "on"`;
    throw invalid({ table }, `"${unknown}" is not in its entity key`, next);
  }
  return table.entityKey.map((name): [string, ColumnSpec] => {
    const own = columnOf(right, name);
    const other = columnOf(left, on[name] ?? name);
    if (own.type === other.type) return [other.name, own];
    throw new SlipwayError('schema_mismatch', {
      what: `The key "${name}" of feature table ${table.name} cannot be compared with "${other.name}"`,
      expected: own.type,
      received: other.type,
      next: `Compare it with a column of that type: on: { ${name}: ... }`,
    });
  });
}

/** A load of a table that is not joined would be overlooked, and the newest taken in its place. */
function checkLoads(asOf: Readonly<Record<string, number>>, tables: readonly FeatureTable[]): void {
  const known = tables.map(({ name }) => name);
  const unknown = Object.keys(asOf).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new SlipwayError('configuration_invalid', {
    what: `A load of "${unknown}" was given, which is not joined`,
    expected: `loads of ${known.join(', ')}`,
    next: 'Leave it out of "asOf", or correct the name of the table',
  });
}

function checkNames(
  { columns }: Relation,
  join: FeatureJoin,
  take: readonly { readonly as: string }[],
): void {
  const names = [...columns.map(({ name }) => name), ...take.map(({ as }) => as)];
  const [twice] = findDoubled(names);
  if (twice !== undefined) {
    const next = 'Give the joined columns a "prefix", or leave it out';
    throw invalid(join, `the column "${twice}" would come twice`, next);
  }
  const long = take.find(({ as }) => Buffer.byteLength(as) > longestNameBytes);
  if (long !== undefined)
    throw invalid(
      join,
      `the column "${long.as}" has a name of more than the ${longestNameBytes} bytes that Postgres keeps`,
      'Give the joined columns a shorter "prefix"',
    );
}

function columnOf({ source, columns }: Relation, name: string): ColumnSpec {
  const column = columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return { name, type: column.type };
  throw new SlipwayError('schema_mismatch', {
    what: `${source} has no column "${name}" to join by`,
    expected: columns.map((known) => known.name).join(', '),
    next: 'Name the column to compare with in "on", and take it along in "columns"',
  });
}

function textOf({ sql, parameters }: Relation): string {
  return inlineParameters(sql, parameters);
}

function loadOf(asOf: Readonly<Record<string, number>>, { name }: FeatureTable): { asOfLoad?: number } {
  const load = asOf[name];
  return load === undefined ? {} : { asOfLoad: load };
}

function invalid({ table }: Pick<FeatureJoin, 'table'>, problem: string, next: string): SlipwayError {
  return new SlipwayError('configuration_invalid', {
    what: `Feature table ${table.name} cannot be joined: ${problem}`,
    next,
  });
}
