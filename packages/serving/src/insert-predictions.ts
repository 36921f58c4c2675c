import type { PredictionRecord } from '@slipway/contracts';
import type { Database, Queryable } from '@slipway/database';

const dayMicroseconds = 86_400_000_000;
/** Any constant will do: it serialises the creation of partitions. */
const partitionLock = 5_714_202;

/**
 * Writes records to `serving.prediction`, each once however often it is sent. Arrays of numbers and texts travel as JSON.
 * @returns how many were new
 */
export async function insertPredictions(
  database: Database,
  records: readonly PredictionRecord[],
): Promise<number> {
  if (records.length === 0) return 0;
  await ensurePartitions(database, records);
  return database.execute(
    `INSERT INTO serving.prediction (received_at, request_id, row, client_request_id, model, role, version, run_id,
       entity_key, event_time, prediction, numbers, texts)
     SELECT timestamptz 'epoch' + "receivedAt" * interval '1 microsecond', "requestId", row, "clientRequestId", model,
       role, version, "runId", "entityKey", timestamptz 'epoch' + "eventTime" * interval '1 microsecond', prediction,
       ARRAY(SELECT n::float8 FROM jsonb_array_elements_text(numbers) WITH ORDINALITY AS e(n, place) ORDER BY place),
       ARRAY(SELECT t FROM jsonb_array_elements_text(texts) WITH ORDINALITY AS e(t, place) ORDER BY place)
     FROM jsonb_to_recordset($1::jsonb) AS record("receivedAt" bigint, "requestId" text, row integer,
       "clientRequestId" text, model text, role text, version text, "runId" text, "entityKey" jsonb, "eventTime" bigint,
       prediction float8, numbers jsonb, texts jsonb)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(records)],
  );
}

async function ensurePartitions(database: Database, records: readonly PredictionRecord[]): Promise<void> {
  const days = new Set(records.map(({ receivedAt }) => Math.floor(receivedAt / dayMicroseconds)));
  const names = [...days].map((day) => ({ day, name: partitionName(day) }));
  const known = await database.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'serving'::regnamespace AND relname = ANY($1)",
    [names.map(({ name }) => name)],
  );
  const missing = names.filter(({ name }) => !known.some((table) => table.name === name));
  if (missing.length === 0) return;
  await database.transaction(async (transaction) => {
    await transaction.execute(`SELECT pg_advisory_xact_lock(${partitionLock})`);
    for (const { day, name } of missing) await createPartition(transaction, day, name);
  });
}

async function createPartition(transaction: Queryable, day: number, name: string): Promise<void> {
  const from = new Date(day * 86_400_000).toISOString();
  const to = new Date((day + 1) * 86_400_000).toISOString();
  await transaction.execute(
    `CREATE TABLE IF NOT EXISTS serving.${name} PARTITION OF serving.prediction FOR VALUES FROM ('${from}') TO ('${to}')`,
  );
}

function partitionName(day: number): string {
  return `prediction_${new Date(day * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')}`;
}
