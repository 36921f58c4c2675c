import { join } from 'node:path';
import { createTestDatabase } from '@slipway/database/testing';
import { alternate, leastMs, medianMs, peakMb, type Side } from '../alternate.ts';
import type { BenchmarkContext, BenchmarkResult, Measurement, Sample } from '../benchmark.ts';
import { runAlone } from '../run-alone.ts';
import { writeReadingCsv } from './write-reading-csv.ts';

/**
 * Loads a CSV file of 20 columns into a feature table, with every kind of constraint and row versions, beside a bare COPY
 * of the same file into a table without any. A tenth of the rows shows how both grow.
 */
export async function features({
  server: findServer,
  folder,
  rows = 1_000_000,
  rounds,
}: BenchmarkContext): Promise<BenchmarkResult> {
  const server = await findServer();
  const sides: Side[] = [];
  for (const count of [Math.ceil(rows / 10), rows]) {
    const path = join(folder, `readings-${count}.csv`);
    await writeReadingCsv(path, count);
    sides.push(
      { name: 'feature table', rows: count, run: () => loadOnce(server, 'ours', path) },
      { name: 'bare copy', rows: count, run: () => loadOnce(server, 'copy', path) },
    );
  }
  const measurements = await alternate(sides, rounds);
  const [smallOurs, , ours, copy] = measurements as [Measurement, Measurement, Measurement, Measurement];
  return {
    measurements,
    ratios: { 'time vs copy': leastMs(ours) / leastMs(copy) },
    figures: {
      rows,
      'ours ms': leastMs(ours),
      'copy ms': leastMs(copy),
      'median time vs copy': medianMs(ours) / medianMs(copy),
      'growth for 10x rows': leastMs(ours) / leastMs(smallOurs),
      'peak MiB': peakMb(ours),
      'peak MiB at a tenth': peakMb(smallOurs),
    },
  };
}

/** A database for each run: what the runs before left behind costs the next one nothing. */
async function loadOnce(server: string, side: 'ours' | 'copy', path: string): Promise<Sample> {
  const { url, database, drop } = await createTestDatabase({ server });
  try {
    // What the run before it wrote is not to be written out during this one. Without the right to, it may be.
    await database.execute('CHECKPOINT').catch(() => undefined);
    return await runAlone(new URL('load-once.ts', import.meta.url), [side, url, path]);
  } finally {
    await drop();
  }
}
