import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';
import { describeMachine, describeServer } from './describe-machine.ts';
import { datasets } from './datasets/datasets.ts';
import { features } from './features/features.ts';
import { findServer } from './find-server.ts';
import { prediction } from './prediction/prediction.ts';
import { printTable } from './print-table.ts';
import { training } from './training/training.ts';

const benchmarks: Readonly<Record<string, Benchmark>> = { datasets, features, prediction, training };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    embedded: { type: 'boolean', default: false },
  },
});
const [name = ''] = positionals;
const run = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
const [rows, rounds] = [values.rows === undefined ? undefined : Number(values.rows), Number(values.rounds)];
const isCount = (count: number): boolean => Number.isSafeInteger(count) && count > 0;
if (run === undefined || !isCount(rows ?? 1) || !isCount(rounds)) {
  console.error(`npm run bench -- ${Object.keys(benchmarks).join('|')} [--rows n] [--rounds n] [--embedded]`);
  process.exit(2);
}

/** Only a benchmark that asks for a server starts one. */
async function server(): Promise<string> {
  const found = await findServer(process.env['DATABASE_URL'], values);
  console.log(await describeServer(found));
  return found.url;
}

const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
try {
  console.log(describeMachine());
  const { measurements, ratios, figures } = await run({ server, folder, rows, rounds });
  console.log(printTable(measurements));
  console.log(JSON.stringify({ bench: name, ratios, figures }));
} finally {
  await rm(folder, { recursive: true });
}
