import { quoteTable, withLease, type Database, type Lease, type TableName } from '@slipway/database';
import type { FeatureSource } from './feature-source.ts';
import type { FeatureTable } from './feature-table.ts';
import { stageSource } from './stage-source.ts';
import { createStaging, dropStaging } from './staging-table.ts';
import { validateStaged } from './validate-staged.ts';
import type { Violation } from './violation.ts';

export interface StagedRows {
  readonly staging: TableName;
  /** Rows read, staged or not. */
  readonly rowCount: number;
  /** Everything the batch violates; empty when it may be merged. */
  readonly violations: readonly Violation[];
  /** Held until the work ends: loads and checks of one table are serial. */
  readonly held: Lease;
}

/** Reads a source into a staging table of its own, validates it, and lets work happen before the table is dropped. */
export function withStagedRows<T>(
  database: Database,
  {
    table,
    source,
    holder,
    onProgress,
    onWait,
  }: {
    readonly table: FeatureTable;
    readonly source: FeatureSource;
    readonly holder: string;
    readonly onProgress?: (rows: number) => void;
    readonly onWait?: () => void;
  },
  work: (staged: StagedRows) => Promise<T>,
): Promise<T> {
  const waiting = onWait === undefined ? {} : { onWait };
  const lease = { name: `features:${table.name}`, holder, waitMs: 600_000, ...waiting };
  return withLease(database, lease, async (held) => {
    await dropStaging(database, table);
    const staging = await createStaging(database, table);
    try {
      const problems = await stageSource(database, { table, staging, source, onProgress });
      const rowCount = problems.rowCount();
      const violations = [
        ...problems.violations(),
        ...(await validateStaged(database, { table, staging, rowCount, unit: problems.unit })),
      ];
      return await work({ staging, rowCount, violations, held });
    } finally {
      // What the work ended in is what counts: the next load drops what stays.
      await database.execute(`DROP TABLE IF EXISTS ${quoteTable(staging)}`).catch(() => undefined);
    }
  });
}
