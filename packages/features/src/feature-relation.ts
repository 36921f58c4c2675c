import {
  nearestName,
  SlipwayError,
  type ColumnRole,
  type Relation,
  type RelationColumn,
} from '@slipway/contracts';
import { quoteIdentifier, quoteLiteral, quoteTable, type Database } from '@slipway/database';
import { assignRoles } from './assign-roles.ts';
import { rowKey, type FeatureTable } from './feature-table.ts';
import { checkWindowEnds } from './check-window-ends.ts';
import { loadUnknown } from './load-unknown.ts';
import { readLoads } from './read-loads.ts';
import { rowsTable } from './rows-table.ts';
import { checkStoredColumns } from './stored-columns.ts';

export interface FeatureRelationOptions {
  /** Columns besides the row key. @default all */
  readonly columns?: readonly string[];
  /** Columns that a model may learn from; the others are attributes. @default all but the row key and the target */
  readonly features?: readonly string[];
  /** The column to predict. @default none */
  readonly target?: string;
  /** Rows as known at this load. @default the newest load */
  readonly asOfLoad?: number;
  /** Event time in [from, to), microseconds since 1970-01-01 UTC. */
  readonly where?: { readonly from?: number; readonly to?: number };
}

/**
 * A feature table as a relation, exactly as it was known at a load: rows that came later or were corrected later do
 * not show.
 * @throws SlipwayError `schema_mismatch` for a column the table lacks, and for a feature or target that is not among those
 * taken, and for a window of a table without an event time; `load_swept` for a load that is too old,
 * by the query too when a sweep came before it; `load_unknown` for one that never was; `invalid_argument` for a window that is
 * none
 */
export async function featureRelation(
  database: Database,
  table: FeatureTable,
  options: FeatureRelationOptions = {},
): Promise<Relation> {
  const { from, to } = options.where ?? {};
  checkWindowEnds({ from, to });
  const load = await chooseLoad(database, table, options.asOfLoad);
  await checkStoredColumns(database, table);
  const names = [...new Set([...rowKey(table), ...(options.columns ?? Object.keys(table.columns))])];
  const conditions = [
    'loaded_by <= $1',
    '(superseded_by IS NULL OR superseded_by > $1)',
    `(SELECT features.is_readable_at(${quoteLiteral(table.name)}, $1))`,
  ];
  if (table.eventTime === undefined && (from ?? to) !== undefined) throw withoutTime(table);
  if (table.eventTime !== undefined) {
    const time = quoteIdentifier(table.eventTime);
    if (from !== undefined) conditions.push(`${time} >= to_timestamp(${from / 1e6})`);
    if (to !== undefined) conditions.push(`${time} < to_timestamp(${to / 1e6})`);
  }
  const relation = {
    source: table.name,
    sql: `SELECT ${names.map(quoteIdentifier).join(', ')} FROM ${quoteTable(rowsTable(table))} WHERE ${conditions.join(' AND ')}`,
    parameters: [load],
    columns: names.map((name) => describeColumn(table, name)),
    watermark: { [table.name]: load },
  };
  return assignRoles(relation, options);
}

/** @returns the load asked for, or the newest */
async function chooseLoad(
  database: Database,
  { name }: FeatureTable,
  asked: number | undefined,
): Promise<number> {
  const { newest = 0, oldest = 0 } = (await readLoads(database, name)) ?? {};
  const load = asked ?? newest;
  if (!Number.isSafeInteger(load) || load < 0 || load > newest)
    throw loadUnknown(name, load, { newest, oldest });
  if (load >= oldest) return load;
  throw new SlipwayError('load_swept', {
    what: `Feature table ${name} can no longer be read as known at load ${load}`,
    expected: `load ${oldest} or later`,
    next: 'Its older rows were swept: take newer data with "slipway retrain"',
    details: { oldestLoad: oldest },
  });
}

function withoutTime({ name }: FeatureTable): SlipwayError {
  return new SlipwayError('schema_mismatch', {
    what: `Rows of feature table ${name} cannot be limited by time: it has no event time`,
    next: 'Leave out "where"',
  });
}

/** Its role, unless it is in the row key, is not known yet. */
function describeColumn(table: FeatureTable, name: string): RelationColumn {
  const column = table.columns[name];
  if (column === undefined) {
    const near = nearestName(name, Object.keys(table.columns));
    throw new SlipwayError('schema_mismatch', {
      what: `Feature table ${table.name} has no column "${name}"`,
      expected: Object.keys(table.columns).join(', '),
      next: near === undefined ? 'Take one of its columns' : `Did you mean "${near}"?`,
    });
  }
  return { name, type: column.type, role: keyRole(table, name) ?? 'attribute', nullable: column.nullable };
}

function keyRole({ entityKey, eventTime }: FeatureTable, name: string): ColumnRole | undefined {
  if (entityKey.includes(name)) return 'entityKey';
  return name === eventTime ? 'eventTime' : undefined;
}
