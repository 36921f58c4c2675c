import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { SlipwayError } from '@slipway/contracts';

/**
 * Writes a file that is not there yet, whole or not at all: under another name first. Each chunk is on its way to the disk
 * before the next is asked for.
 * @throws SlipwayError `file_unwritable`
 */
export async function writeNewFile(
  path: string,
  write: (onChunk: (chunk: Uint8Array) => void) => Promise<void>,
): Promise<void> {
  if (existsSync(path))
    throw unwritable('There is a file of that name already', { next: 'Name another, or remove it' });
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  const file = open(part);
  try {
    try {
      await write((chunk) => writeAll(file, chunk));
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    const code = (error as NodeJS.ErrnoException).code;
    if (SlipwayError.isInstance(error) || code === undefined) throw error;
    throw unwritable('The file could not be written', { received: code, cause: error });
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'wx');
  } catch (error) {
    const received = (error as NodeJS.ErrnoException).code ?? 'an error';
    throw unwritable('The file cannot be written', { received, cause: error });
  }
}

function writeAll(file: number, chunk: Uint8Array): void {
  for (let at = 0; at < chunk.length;) at += writeSync(file, chunk, at);
}

function unwritable(
  what: string,
  facts: { readonly received?: string; readonly next?: string; readonly cause?: unknown },
): SlipwayError {
  return new SlipwayError('file_unwritable', { what, ...facts });
}
