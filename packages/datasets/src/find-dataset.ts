import type { DatasetRef, Digest } from '@slipway/contracts';
import type { Queryable } from '@slipway/database';
import { refColumns, toRef, type RefRow } from './dataset-ref-row.ts';
import { tableIsThere } from './table-is-there.ts';

/** The stored dataset of a digest; undefined when there never was one, or its table was dropped. */
export async function findDataset(queryable: Queryable, digest: Digest): Promise<DatasetRef | undefined> {
  const [row] = await queryable.query<RefRow>(
    `SELECT ${refColumns} FROM training.dataset WHERE digest = $1 AND ${tableIsThere}`,
    [digest],
  );
  return row === undefined ? undefined : toRef(row);
}
