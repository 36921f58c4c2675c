import type { Digest } from '@slipway/contracts';
import type { Database } from '@slipway/database';
import { datasetNotFound } from './dataset-not-found.ts';
import { findDataset } from './find-dataset.ts';

/**
 * Notes that a run read or made a dataset; repeatable.
 * @throws SlipwayError `dataset_not_found`
 */
export async function linkDataset(
  database: Database,
  link: {
    readonly digest: Digest;
    readonly runId: string;
    readonly model: string;
    /** What it was to the run: `train`, `test`, `predictions`. */
    readonly context: string;
  },
): Promise<void> {
  const { digest, runId, model, context } = link;
  await database.transaction(async (transaction) => {
    // Waits for a sweep that has this entry; one that comes later finds the link.
    await transaction.execute('SELECT FROM training.dataset WHERE digest = $1 FOR KEY SHARE', [digest]);
    if ((await findDataset(transaction, digest)) === undefined) throw datasetNotFound(digest);
    await transaction.execute(
      'INSERT INTO training.dataset_use (digest, run_id, model, context) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [digest, runId, model, context],
    );
  });
}
