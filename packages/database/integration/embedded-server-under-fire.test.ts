import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureEmbeddedServer, stopEmbeddedServer } from '../src/embedded/index.ts';
import { connectDatabase, type Database } from '../src/index.ts';
import { killProcess, listProcesses } from './process-table.ts';

const script = fileURLToPath(new URL('write-load.ts', import.meta.url));
const seed = Number(process.env['SLIPWAY_TEST_SEED'] ?? randomInt(2 ** 31));
const rounds = process.env['SLIPWAY_TEST_LENGTH'] === 'nightly' ? 200 : 20;
const victims = ['supervisor', 'postmaster', 'client', 'all'] as const;
const writers = ['ada', 'grace'] as const;

let root: string;
let directory: string;
const running = new Map<string, ChildProcess>();
let draw = seed >>> 0;

beforeAll(async () => {
  console.log(`SLIPWAY_TEST_SEED=${seed}, ${rounds} rounds`);
  root = await mkdtemp(join(tmpdir(), 'slipway-fire-'));
  directory = join(root, 'postgres');
  await withDatabase(async (database) => {
    await database.execute('CREATE TABLE written (key text PRIMARY KEY, writer text, number bigint)');
    await database.execute('CREATE TABLE total (writer text PRIMARY KEY, numbers bigint)');
    for (const writer of writers) {
      await database.execute('INSERT INTO total VALUES ($1, 0)', [writer]);
      await writeFile(acknowledgements(writer), '');
      startWriter(writer, 1);
    }
  });
});
afterAll(async () => {
  for (const child of running.values()) child.kill('SIGKILL');
  await stopEmbeddedServer({ directory });
  await rm(root, { recursive: true, force: true });
});

const acknowledgements = (writer: string): string => join(root, `acknowledged-${writer}`);

async function readAcknowledged(writer: string): Promise<number[]> {
  const text = await readFile(acknowledgements(writer), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

function startWriter(writer: string, from: number): void {
  const parts = JSON.stringify({ directory, writer, from, file: acknowledgements(writer) });
  const child = spawn(process.execPath, ['--conditions=@slipway/source', script, parts], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: '' },
  });
  running.set(writer, child);
}

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const { url } = await ensureEmbeddedServer({ directory });
  const database = await connectDatabase({ url, maxConnections: 1 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Numbers below a bound, from the printed seed: a linear congruential generator (Numerical Recipes' constants). */
function drawBelow(bound: number): number {
  draw = (Math.imul(draw, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((draw / 2 ** 32) * bound);
}

/** Waits until every writer has had that many more commits acknowledged. A writer that ended by itself is a failure. */
async function waitForWrites(more: number): Promise<void> {
  for (const writer of writers) {
    const before = (await readAcknowledged(writer)).length;
    while ((await readAcknowledged(writer)).length < before + more) {
      const { exitCode } = running.get(writer)!;
      if (exitCode !== null) throw new Error(`writer ${writer} ended with ${exitCode}`);
      await sleep(20);
    }
  }
}

async function kill(victim: (typeof victims)[number]): Promise<void> {
  const { serverProcess, supervisorProcess } = await ensureEmbeddedServer({ directory });
  const backends = listProcesses().filter(({ parent }) => parent === serverProcess);
  const clients = writers.map((writer) => running.get(writer)!);
  const chosen = clients[drawBelow(clients.length)]!;
  const processes = {
    supervisor: [supervisorProcess],
    postmaster: [serverProcess],
    client: [chosen.pid!],
    all: [
      ...clients.map(({ pid }) => pid!),
      supervisorProcess,
      serverProcess,
      ...backends.map(({ id }) => id),
    ],
  }[victim];
  const dying = clients.filter(({ pid }) => processes.includes(pid!));
  const ends = dying.map((child) => new Promise((resolve) => child.once('exit', resolve)));
  processes.forEach(killProcess);
  await Promise.all(ends);
  for (const writer of writers) {
    if (dying.includes(running.get(writer)!))
      startWriter(writer, (await readAcknowledged(writer)).length + 1);
  }
}

describe('the embedded server under write load', () => {
  it.each(Array.from({ length: rounds }, (_, round) => round))(
    'keeps every acknowledged commit exactly once through kill -9, round %i',
    async (round) => {
      const victim = victims[round % victims.length]!;
      await waitForWrites(50 + drawBelow(300));
      await kill(victim);
      await waitForWrites(20);
      for (const writer of writers) {
        const acknowledged = await readAcknowledged(writer);
        expect(acknowledged).toEqual(acknowledged.map((_, place) => place + 1));
        const [stored] = await withDatabase((database) =>
          database.query<{ lost: number; rows: number; total: number }>(
            `SELECT (SELECT count(*)::int FROM generate_series(1, $2::bigint) AS n
                     WHERE NOT EXISTS (SELECT 1 FROM written WHERE writer = $1 AND number = n)) AS lost,
               (SELECT count(*)::int FROM written WHERE writer = $1) AS rows,
               (SELECT numbers::int FROM total WHERE writer = $1) AS total`,
            [writer, acknowledged.length],
          ),
        );
        expect(stored?.lost, `seed ${seed}, kill -9 of ${victim}`).toBe(0);
        // The total counts in the same transaction: a commit that came twice would show here.
        expect(stored?.total, `seed ${seed}, kill -9 of ${victim}`).toBe(stored?.rows);
      }
    },
  );
});
