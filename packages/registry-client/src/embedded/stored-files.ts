import { sha256Hex, SlipwayError } from '@slipway/contracts';
import type { Database } from '@slipway/database';
import type { ArtifactEntry } from '../artifact-entry.ts';

const chunkBytes = 1_048_576;

/** Files of runs or of logged models: a path points at content, which is stored once per sha256, in chunks of 1 MiB. */
export interface StoredFiles {
  write(ownerId: string, path: string, content: Uint8Array): Promise<void>;
  read(ownerId: string, path: string): Promise<Uint8Array>;
  list(ownerId: string, prefix: string | undefined): Promise<readonly ArtifactEntry[]>;
}

export function storedFiles(
  database: Database,
  table: 'run_artifact' | 'logged_model_artifact',
): StoredFiles {
  return {
    async write(ownerId, path, content) {
      const sha256 = sha256Hex(content);
      await database.transaction(async (transaction) => {
        const created = await transaction.execute(
          'INSERT INTO registry.content VALUES ($1, $2) ON CONFLICT DO NOTHING',
          [sha256, content.length],
        );
        for (let position = 0; created > 0 && position * chunkBytes < content.length; position += 1) {
          const bytes = Buffer.from(content.subarray(position * chunkBytes, (position + 1) * chunkBytes));
          await transaction.execute('INSERT INTO registry.content_chunk VALUES ($1, $2, $3)', [
            sha256,
            position,
            bytes,
          ]);
        }
        await transaction.execute(
          `INSERT INTO registry.${table} VALUES ($1, $2, $3)
           ON CONFLICT (owner_id, path) DO UPDATE SET sha256 = excluded.sha256`,
          [ownerId, path, sha256],
        );
      });
    },

    async read(ownerId, path) {
      const [file] = await database.query<{ sha256: string }>(
        `SELECT sha256 FROM registry.${table} WHERE owner_id = $1 AND path = $2`,
        [ownerId, path],
      );
      if (file === undefined) {
        throw new SlipwayError('file_not_found', {
          what: `The registry has no file "${path}" of ${ownerId}`,
          next: 'List its files to see what is there',
        });
      }
      const chunks = await database.query<{ bytes: Buffer }>(
        'SELECT bytes FROM registry.content_chunk WHERE sha256 = $1 ORDER BY position',
        [file.sha256],
      );
      const content = Buffer.concat(chunks.map(({ bytes }) => bytes));
      if (sha256Hex(content) === file.sha256) return content;
      throw new SlipwayError('artifact_invalid', {
        what: `The registry's file "${path}" of ${ownerId} is damaged`,
        expected: `sha256 ${file.sha256}`,
        received: 'other bytes',
      });
    },

    async list(ownerId, prefix = '') {
      const rows = await database.query<{ path: string; size: string }>(
        `SELECT path, size FROM registry.${table} JOIN registry.content USING (sha256)
         WHERE owner_id = $1 AND ($2 = '' OR starts_with(path, $2 || '/')) ORDER BY path`,
        [ownerId, prefix],
      );
      return rows.map(({ path, size }) => ({ path, size: Number(size) }));
    },
  };
}
