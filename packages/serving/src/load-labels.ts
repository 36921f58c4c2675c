import { getColumn, getNumericColumn, rowCells, type ColumnBatch } from '@slipway/contracts';
import type { Database } from '@slipway/database';

const rowsPerStatement = 10_000;

/**
 * Appends observed targets. A label that says what the latest one of its row said already is not written again; rows
 * without a target are left out.
 * @param options.observedAt microseconds since 1970-01-01 UTC
 * @returns how many were written
 * @throws SlipwayError `schema_mismatch` when the batch lacks a column
 */
export async function loadLabels(
  database: Database,
  options: {
    /** Registered name. */
    readonly model: string;
    readonly entityKey: readonly string[];
    readonly eventTime: string;
    readonly target: string;
    readonly batch: ColumnBatch;
    readonly observedAt: number;
  },
): Promise<number> {
  const { model, batch, observedAt } = options;
  const labels = labelsOf(options);
  let written = 0;
  for (let start = 0; start < batch.rowCount; start += rowsPerStatement) {
    written += await database.execute(
      `INSERT INTO serving.label (model, entity_key, event_time, observed_at, label)
       SELECT $1, fresh.key, fresh.at, timestamptz 'epoch' + $3::bigint * interval '1 microsecond', fresh.label
       FROM (SELECT key, timestamptz 'epoch' + time * interval '1 microsecond' AS at, label
             FROM jsonb_to_recordset($2::jsonb) AS sent(key jsonb, time bigint, label float8)) AS fresh
       WHERE fresh.label IS DISTINCT FROM (
         SELECT known.label FROM serving.label AS known
         WHERE known.model = $1 AND known.event_time = fresh.at AND known.entity_key = fresh.key
         ORDER BY known.observed_at DESC LIMIT 1)
       ON CONFLICT DO NOTHING`,
      [model, JSON.stringify(labels.slice(start, start + rowsPerStatement)), observedAt],
    );
  }
  return written;
}

function labelsOf({
  batch,
  entityKey,
  eventTime,
  target,
}: Pick<Parameters<typeof loadLabels>[1], 'batch' | 'entityKey' | 'eventTime' | 'target'>): object[] {
  const times = getNumericColumn(batch, eventTime).values;
  const targets = getNumericColumn(batch, target).values;
  const keys = { rowCount: batch.rowCount, columns: entityKey.map((name) => getColumn(batch, name)) };
  return Array.from({ length: batch.rowCount }, (_, row) => row)
    .filter((row) => !Number.isNaN(targets[row]))
    .map((row) => ({ key: rowCells(keys, row), time: times[row], label: targets[row] }));
}
