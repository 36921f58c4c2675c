import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** PostgreSQL writes its write-ahead log in files of this many bytes, each allocated whole. */
export const segmentBytes = 16_777_216;

/** Bytes free on the disk of a folder, which may not exist yet. Infinity where the system does not tell. */
export async function freeBytes(directory: string): Promise<number> {
  const found = await statfs(directory).catch(() => statfs(dirname(directory)).catch(() => undefined));
  return found === undefined ? Infinity : found.bavail * found.bsize;
}
