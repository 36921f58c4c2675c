import type { SlipwayError } from '@slipway/contracts';
import type { Transaction } from '@slipway/database';
import type { Violation } from './violation.ts';

export interface RejectRetention {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  /** @default 30 */
  readonly rejectRetentionDays?: number;
}

/** Keeps the report of a refused batch for its retention, and drops the reports whose own is over. */
export async function keepReject(
  transaction: Transaction,
  { table, source, refusal }: { table: string; source: string; refusal: SlipwayError },
  { now, rejectRetentionDays = 30 }: RejectRetention,
): Promise<void> {
  const { violations, rowCount } = refusal.details as { violations: readonly Violation[]; rowCount: number };
  const at = now();
  const keepUntil = new Date(at + rejectRetentionDays * 86_400_000);
  await transaction.execute(
    `INSERT INTO features._reject (feature_table, source, violations, row_count, rejected_at, keep_until) VALUES ($1, $2, $3, $4, $5, $6)`,
    [table, source, JSON.stringify(violations), rowCount, new Date(at), keepUntil],
  );
  await dropOldRejects(transaction, new Date(at));
}

/** A loader without the right to delete keeps them all: its refusal must not end as a missing right. */
async function dropOldRejects(transaction: Transaction, now: Date): Promise<void> {
  const [right] = await transaction.query<{ may: boolean }>(
    "SELECT has_table_privilege('features._reject', 'DELETE') AS may",
  );
  if (right?.may === true)
    await transaction.execute('DELETE FROM features._reject WHERE keep_until <= $1', [now]);
}
