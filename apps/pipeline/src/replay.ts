import { rowCells, type ColumnBatch } from '@slipway/contracts';
import type { FeatureTable } from '@slipway/features';

/** What came back from a replay: how many requests failed, and which versions answered. */
export interface ReplayResult {
  readonly requests: number;
  readonly failed: number;
  readonly versions: readonly string[];
}

/** A replay that waits for a version gives up after this many passes over the rows. */
const maximumPasses = 20;

/**
 * Sends rows to a serving app, one request a row, in order, a few at a time, once.
 * @param options.features columns the model takes; the entity key and event time travel along and are logged
 * @param options.until goes on from the first row again until it is true of the versions that have answered
 */
export async function replayRows(options: {
  readonly url: string;
  readonly model: string;
  readonly table: FeatureTable;
  readonly features: readonly string[];
  readonly rows: ColumnBatch;
  readonly fetch: typeof fetch;
  readonly onProgress: (done: number, total: number) => void;
  readonly until?: (versions: ReadonlySet<string>) => boolean;
}): Promise<ReplayResult> {
  const { rows, onProgress, until = () => true } = options;
  const versions = new Set<string>();
  let [next, failed] = [0, 0];
  const goesOn = (): boolean =>
    next < rows.rowCount || (next < rows.rowCount * maximumPasses && !until(versions));
  const worker = async (): Promise<void> => {
    while (goesOn()) {
      const row = next % rows.rowCount;
      next += 1;
      const version = await sendRow(options, row);
      if (version === undefined) failed += 1;
      else versions.add(version);
      if (next % 50 === 0) onProgress(next, rows.rowCount);
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return { requests: next, failed, versions: [...versions].sort() };
}

async function sendRow(
  { url, model, table, features, rows, fetch: send }: Parameters<typeof replayRows>[0],
  row: number,
): Promise<string | undefined> {
  const cells = rowCells(rows, row);
  const pick = (names: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(names.map((name) => [name, cells[name]]));
  const eventTime =
    table.eventTime === undefined ? undefined : new Date(Number(cells[table.eventTime]) / 1000).toISOString();
  const params = {
    entity_key: [pick(table.entityKey)],
    ...(eventTime === undefined ? {} : { event_time: [eventTime] }),
  };
  try {
    const response = await send(`${url}/invocations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, dataframe_records: [pick(features)], params }),
    });
    const body = (await response.json()) as { predictions?: number[] };
    return response.ok && body.predictions?.length === 1
      ? (response.headers.get('x-slipway-model-version') ?? undefined)
      : undefined;
  } catch {
    return undefined;
  }
}
