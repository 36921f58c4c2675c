import { checkIdentifier, SlipwayError, type ColumnSpec } from '@slipway/contracts';
import {
  postgresTypes,
  quoteIdentifier,
  quoteTable,
  type TableName,
  type Transaction,
} from '@slipway/database';
import type { ModelVersion } from '@slipway/registry-client';

const ownColumns: readonly ColumnSpec[] = [
  { name: 'predicted', type: 'double' },
  { name: 'model', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'run_id', type: 'string' },
  { name: 'scored_at', type: 'datetime' },
];

/**
 * Makes the table where it is missing and locks it until the transaction ends, so that two scorings follow each other.
 * @throws SlipwayError `configuration_invalid` for a name that is none, or a key column with the name of one of ours;
 * `schema_mismatch` for a table of another shape
 */
export async function ensurePredictionTable(
  transaction: Transaction,
  into: TableName,
  key: readonly ColumnSpec[],
): Promise<void> {
  checkIdentifier(into.schema, 'The schema of the table');
  checkIdentifier(into.table, 'The name of the table');
  await checkSchema(transaction, into.schema);
  checkNoClash(key);
  const columns = [...key, ...ownColumns];
  const list = columns.map(({ name, type }) => `${quoteIdentifier(name)} ${postgresTypes[type]}`);
  const keyList = [...key.map(({ name }) => name), 'model', 'version'].map(quoteIdentifier).join(', ');
  // Two that make it at once do not see each other's table: the second would fail when the first commits.
  await transaction.query("SELECT pg_advisory_xact_lock(hashtextextended('slipway predictions ' || $1, 0))", [
    quoteTable(into),
  ]);
  await transaction.execute(
    `CREATE TABLE IF NOT EXISTS ${quoteTable(into)} (${list.join(', ')}, PRIMARY KEY (${keyList}))`,
  );
  await transaction.execute(`LOCK TABLE ${quoteTable(into)} IN SHARE ROW EXCLUSIVE MODE`);
  const found = await transaction.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    [quoteTable(into)],
  );
  const names = new Set(found.map(({ name }) => name));
  const missing = columns.filter(({ name }) => !names.has(name));
  if (missing.length === 0) return;
  throw new SlipwayError('schema_mismatch', {
    what: `The table ${into.schema}.${into.table} is not one of predictions`,
    expected: `columns ${columns.map(({ name }) => name).join(', ')}`,
    received: `none named ${missing.map(({ name }) => name).join(', ')}`,
    next: 'Name another table',
  });
}

/** Deletes the predictions of a version in a window of the event time. Returns how many there were. */
export async function dropPredictions(
  transaction: Transaction,
  {
    into,
    eventTime,
    where = {},
    version,
  }: {
    readonly into: TableName;
    readonly eventTime: string | undefined;
    readonly where?: { readonly from?: number | undefined; readonly to?: number | undefined } | undefined;
    readonly version: ModelVersion;
  },
): Promise<number> {
  const conditions = ['model = $1', 'version = $2'];
  if (eventTime !== undefined) {
    const time = quoteIdentifier(eventTime);
    if (where.from !== undefined) conditions.push(`${time} >= to_timestamp(${where.from / 1e6})`);
    if (where.to !== undefined) conditions.push(`${time} < to_timestamp(${where.to / 1e6})`);
  }
  return transaction.execute(`DELETE FROM ${quoteTable(into)} WHERE ${conditions.join(' AND ')}`, [
    version.name,
    version.version,
  ]);
}

function checkNoClash(key: readonly ColumnSpec[]): void {
  const clash = key.find(({ name }) => ownColumns.some((own) => own.name === name));
  if (clash === undefined) return;
  throw new SlipwayError('configuration_invalid', {
    what: `The row key has a column "${clash.name}", which a table of predictions has as well`,
    next: 'Rename the column of the feature table',
  });
}

async function checkSchema(transaction: Transaction, schema: string): Promise<void> {
  const [found] = await transaction.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
  if (found !== undefined) return;
  throw new SlipwayError('configuration_invalid', {
    what: `The database has no schema "${schema}"`,
    next: `Create it, or name the table alone for schema public`,
  });
}
