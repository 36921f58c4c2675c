import { SlipwayError } from '@slipway/contracts';
import { quoteTable, type Database, type Transaction } from '@slipway/database';
import { checkLoadArguments } from './check-load-arguments.ts';
import { storesAlike } from './definition-changes.ts';
import { ensureFeatureTable } from './ensure-feature-table.ts';
import { describeSource, type FeatureSource } from './feature-source.ts';
import type { FeatureTable } from './feature-table.ts';
import { keepReject } from './keep-reject.ts';
import type { LoadProfile } from './load-profile.ts';
import { mergeStaged, type MergeCounts } from './merge-staged.ts';
import { lockDefinition } from './stored-definition.ts';
import { profileStaged } from './profile-staged.ts';
import { readLoads } from './read-loads.ts';
import { rejection } from './violation.ts';
import { withStagedRows, type StagedRows } from './with-staged-rows.ts';
import { rowsTable } from './rows-table.ts';

export interface LoadOptions {
  /** Names this process in the lease and the load log. */
  readonly holder: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  readonly onProgress?: (rows: number) => void;
  /** Called once when somebody else works on the table and up to 10 minutes of waiting begin. */
  readonly onWait?: () => void;
  /** Days a refused batch's report is kept. @default 30 */
  readonly rejectRetentionDays?: number;
}

/** `unchanged`: every row was stored already, and there is no new load number. */
export type LoadResult =
  | ({ readonly outcome: 'loaded'; readonly load: number } & MergeCounts)
  | { readonly outcome: 'unchanged'; readonly load: number; readonly rows: number };

/**
 * Loads rows into a feature table: staged, validated by one query, then merged in one transaction or refused whole.
 * Loads of one table are serial; reloading the same content changes nothing.
 * @throws SlipwayError `data_rejected` with every violation in `details.violations`; `file_not_found`, `file_unreadable` and
 * `schema_mismatch` for a source that cannot be read, `value_unsupported` for a batch with a value that would lose a bit and
 * `invalid_argument` for a query with an open quote or comment, a source or a holder that is none and a window that holds no
 * time; `schema_change_breaking`, `configuration_invalid` and `format_unsupported` for a definition that the stored table
 * cannot follow; `lease_held`, `lease_lost`; `database_limit` for a row or key too large to store
 */
export async function loadFeatureTable(
  database: Database,
  table: FeatureTable,
  source: FeatureSource,
  options: LoadOptions,
): Promise<LoadResult> {
  checkLoadArguments(table, source);
  await ensureFeatureTable(database, table);
  return withStagedRows(database, { table, source, ...options }, (staged) =>
    acceptOrRefuse(database, { table, source, options, staged }),
  );
}

interface Loading {
  readonly table: FeatureTable;
  readonly source: FeatureSource;
  readonly options: LoadOptions;
  readonly staged: StagedRows;
}

async function acceptOrRefuse(database: Database, loading: Loading): Promise<LoadResult> {
  const { table, source, options, staged } = loading;
  const { rowCount, violations, held } = staged;
  if (violations.length > 0) {
    const batch = { table: table.name, source: describeSource(source) };
    const refusal = rejection({ ...batch, rowCount, violations });
    await database.transaction(async (transaction) => {
      // Its samples may name an entity that was erased since the lease was lost.
      await held.fence(transaction);
      await keepReject(transaction, { ...batch, refusal }, options);
    });
    throw refusal;
  }
  const result = await database.transaction(async (transaction) => {
    await held.fence(transaction);
    await holdDefinition(transaction, table);
    return merge(transaction, loading);
  });
  // Rows that are merged stay: Postgres looks at them by itself later.
  if (result.outcome === 'loaded')
    await database.execute(`ANALYZE ${quoteTable(rowsTable(table))}`).catch(() => undefined);
  return result;
}

async function merge(
  transaction: Transaction,
  { table, source, options, staged: { staging } }: Loading,
): Promise<LoadResult> {
  const { newest = 0 } = (await readLoads(transaction, table.name)) ?? {};
  const number = newest + 1;
  const counts = await mergeStaged(transaction, { table, staging, number });
  if (counts.inserted + counts.updated === 0)
    return { outcome: 'unchanged', load: newest, rows: counts.unchanged };
  const profile = await profileStaged(transaction, { table, staging, number });
  await enterLoad(transaction, { table, source, options, number, counts, profile });
  return { outcome: 'loaded', load: number, ...counts };
}

function enterLoad(
  transaction: Transaction,
  {
    table,
    source,
    options,
    number,
    counts,
    profile,
  }: Omit<Loading, 'staged'> & { number: number; counts: MergeCounts; profile: LoadProfile },
): Promise<number> {
  const window = 'path' in source ? source.where : undefined;
  return transaction.execute(
    `INSERT INTO features._load (feature_table, number, source, holder, inserted, updated, unchanged, window_from, window_to, loaded_at, profile)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      table.name,
      number,
      describeSource(source),
      options.holder,
      counts.inserted,
      counts.updated,
      counts.unchanged,
      toTime(window?.from),
      toTime(window?.to),
      new Date(options.now()),
      JSON.stringify(profile),
    ],
  );
}

/** Keeps the definition as it is until the rows are merged. */
async function holdDefinition(transaction: Transaction, table: FeatureTable): Promise<void> {
  const stored = await lockDefinition(transaction, table.name, 'SHARE');
  if (stored !== undefined && storesAlike(stored, table)) return;
  throw new SlipwayError('schema_mismatch', {
    what: `The definition of feature table ${table.name} was changed by somebody else during this load; nothing was loaded`,
    next: 'Load again with the newest definition',
    isRetryable: true,
  });
}

function toTime(microseconds: number | undefined): Date | null {
  return microseconds === undefined ? null : new Date(microseconds / 1000);
}
