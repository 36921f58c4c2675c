import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { alternate, leastMs, medianMs, peakMb, type Side } from '../alternate.ts';
import type { BenchmarkContext, BenchmarkResult, Measurement, Sample } from '../benchmark.ts';
import { runAlone } from '../run-alone.ts';

/**
 * Builds the training and test table of a relation of 20 columns (split, digests, keys and values checked, sealed) beside a
 * bare CREATE TABLE AS of the same rows, and one that computes the sha256 of each row as well. A tenth of the rows shows
 * that memory does not grow.
 */
export async function datasets({
  server: findServer,
  rows = 1_000_000,
  rounds,
}: BenchmarkContext): Promise<BenchmarkResult> {
  const tenth = Math.ceil(rows / 10);
  const server = await findServer();
  const sources = new Map<number, TestDatabase>();
  for (const count of [tenth, rows]) sources.set(count, await createSource(server, count));
  try {
    const side = (name: string, program: string, count: number): Side => ({
      name,
      rows: count,
      run: () => runOnce(sources.get(count)!, program),
    });
    const measurements = await alternate(
      [
        side('train and test', 'build', tenth),
        side('train and test', 'build', rows),
        side('create table as', 'copy', rows),
        side('create table as, sha256 of rows', 'hash', rows),
      ],
      rounds,
    );
    return resultOf(rows, measurements);
  } finally {
    for (const { drop } of sources.values()) await drop();
  }
}

function resultOf(rows: number, measurements: readonly Measurement[]): BenchmarkResult {
  const [small, ours, copy, hash] = measurements as [Measurement, Measurement, Measurement, Measurement];
  return {
    measurements,
    ratios: {
      'time vs create table as': leastMs(ours) / leastMs(copy),
      'time vs create table as with sha256': leastMs(ours) / leastMs(hash),
      [`node memory at ${rows} vs ${small.rows} rows`]: peakMb(ours) / peakMb(small),
    },
    figures: {
      rows,
      'ours ms': leastMs(ours),
      'copy ms': leastMs(copy),
      'sha256 ms': leastMs(hash),
      'median time vs create table as': medianMs(ours) / medianMs(copy),
      'growth for 10x rows': leastMs(ours) / leastMs(small),
      'peak MiB': peakMb(ours),
    },
  };
}

/** Rows of 16 doubles, 2 longs and 2 texts, as any program may have them. */
async function createSource(server: string, rows: number): Promise<TestDatabase> {
  const test = await createTestDatabase({ server });
  const numbers = Array.from({ length: 16 }, (_, index) => `random() * 1000 AS value_${index}`);
  await test.database.transaction(async (transaction) => {
    await transaction.execute('SELECT setseed(0.5)');
    await transaction.execute(
      `CREATE TABLE readings AS SELECT n::bigint AS sensor, n::bigint * 7919 AS ticks, ${numbers.join(', ')},
         'state ' || n % 3 AS state, 'batch ' || n % 10000 AS batch FROM generate_series(1, ${rows}) AS n`,
    );
  });
  await test.database.execute('VACUUM ANALYZE readings');
  return test;
}

async function runOnce({ url, database }: TestDatabase, program: string): Promise<Sample> {
  // What the run before wrote is not to be written out during this one. Without the right to, it may be.
  await database.execute('CHECKPOINT').catch(() => undefined);
  try {
    return await runAlone(new URL('build-once.ts', import.meta.url), [program, url]);
  } finally {
    await database.execute('DROP SCHEMA IF EXISTS training, slipway_migrations, slipway_leases CASCADE');
    await database.execute('DROP TABLE IF EXISTS peer');
  }
}
