import { resolve } from 'node:path';
import { SlipwayError } from '@slipway/contracts';
import { freeBytes, segmentBytes } from './free-bytes.ts';
import { lastLogLines, tellsOfFullDisk } from './server-log.ts';

/** With more than that free, a full disk of which the log tells is over. */
const plentyBytes = 4 * segmentBytes;
/** A start or a crash writes fewer lines. */
const linesOfACrash = 60;

/**
 * Tells whether an embedded server that failed had no room to write.
 * @returns the error `database_full`, or undefined when the disk is not the reason
 */
export async function findFullDisk(options: {
  readonly directory: string;
}): Promise<SlipwayError | undefined> {
  const directory = resolve(options.directory);
  const free = await freeBytes(directory);
  if (free >= plentyBytes) return undefined;
  const logs = [
    await lastLogLines(directory, 'postgres.log', linesOfACrash),
    await lastLogLines(directory, 'supervisor.log'),
  ];
  if (free >= segmentBytes && !logs.some(tellsOfFullDisk)) return undefined;
  return new SlipwayError('database_full', {
    what: `The disk of the embedded database is full: ${directory}`,
    expected: 'about 100 MB for a new one, 20 MB to go on with one',
    received: `${Math.floor(free / 1e6)} MB free`,
    next: 'Free some space there and run the command again, or set DATABASE_URL; what was committed is kept',
    isRetryable: true,
  });
}
