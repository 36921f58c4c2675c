import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { migrate, type Database } from '@slipway/database';
import { createTestDatabase, findPostgresServer, type TestDatabase } from '@slipway/database/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildTrainTest,
  datasetsMigrations,
  listDatasets,
  verifyDataset,
  type StoredDataset,
} from '../src/index.ts';
import type { Death } from './build-process.ts';
import { relationOf, split } from './made-up-relation.ts';

const seed = Number(process.env['SLIPWAY_TEST_SEED'] ?? randomInt(2 ** 31));
const rounds = process.env['SLIPWAY_TEST_LENGTH'] === 'nightly' ? 60 : 15;
const rows = 20_000;
const script = fileURLToPath(new URL('build-process.ts', import.meta.url));
const servers: TestDatabase[] = [];
let statements = 0;
let draw = seed >>> 0;

beforeAll(async () => {
  console.log(`SLIPWAY_TEST_SEED=${seed}, ${rounds} rounds`);
  const { url: server } = await findPostgresServer(process.env['DATABASE_URL']);
  servers.push(await createTestDatabase(), await createTestDatabase({ server }));
  for (const { database } of servers) await migrate(database, datasetsMigrations);
  const clean = await runBuild(servers[0]!.url, -1);
  ({ statements } = JSON.parse(clean.stdout) as { statements: number });
});
afterAll(async () => {
  for (const server of servers) await server.drop();
});

/** The next of the seed's random numbers in [0, 1): a linear congruential generator (Numerical Recipes' constants). */
function random(): number {
  draw = (Math.imul(draw, 1_664_525) + 1_013_904_223) >>> 0;
  return draw / 2 ** 32;
}

function runBuild(
  url: string,
  round: number,
  death?: Death,
): Promise<{ signal: string | null; stdout: string }> {
  return new Promise((resolve) => {
    const task = JSON.stringify({ url, round, rows, death });
    const child = spawn(process.execPath, ['--conditions=@slipway/source', script, task], {
      env: { PATH: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.once('close', (_, signal) => resolve({ signal, stdout }));
  });
}

/** Tables of schema `training` that no entry names, and entries without their table. */
async function findOrphans(database: Database): Promise<readonly string[]> {
  const rows = await database.query<{ name: string }>(
    `SELECT coalesce(tablename::text, table_name) AS name FROM training.dataset
     FULL JOIN (SELECT tablename FROM pg_tables WHERE schemaname = 'training'
       AND tablename NOT IN ('dataset', 'dataset_use', 'database_id', 'erasure')) AS stored ON tablename = table_name
     WHERE tablename IS NULL OR table_name IS NULL`,
  );
  return rows.map(({ name }) => name);
}

const digestsOf = (built: { train: StoredDataset; test: StoredDataset }): string[] => [
  built.train.ref.digest,
  built.test.ref.digest,
];

describe('a build that is killed at any statement', () => {
  it.each(Array.from({ length: rounds }, (_, round) => round))(
    'leaves nothing behind, and the next comes to the same digests, round %i',
    async (round) => {
      const [here, other] = round % 2 === 0 ? servers : servers.toReversed();
      const death: Death = {
        statement: 1 + Math.floor(random() * statements),
        moment: (['before', 'sent', 'answered'] as const)[Math.floor(random() * 3)]!,
      };
      const { signal } = await runBuild(here!.url, round, death);
      expect({ round, death, signal }).toEqual({ round, death, signal: 'SIGKILL' });
      const again = await runBuild(here!.url, round);
      const built = JSON.parse(again.stdout) as { train: StoredDataset; test: StoredDataset };
      const undisturbed = await buildTrainTest(other!.database, { relation: relationOf(round, rows), split });
      expect(digestsOf(built)).toEqual(digestsOf(undisturbed));
      expect(await findOrphans(here!.database)).toEqual([]);
      for (const { ref } of [built.train, built.test]) await verifyDataset(here!.database, ref);
    },
  );
});

describe('two processes that build the same at the same time', () => {
  it.each([0, 1, 2, 3])('both succeed, and there is one table of each, time %i', async (time) => {
    const { url, database } = servers[time % 2]!;
    const before = (await listDatasets(database)).length;
    const ended = await Promise.all([1, 2].map(() => runBuild(url, 1000 + time)));
    const built = ended.map(
      ({ stdout }) => JSON.parse(stdout) as { train: StoredDataset; test: StoredDataset },
    );
    expect(digestsOf(built[0]!)).toEqual(digestsOf(built[1]!));
    expect(built.map(({ train }) => train.created).toSorted()).toEqual([false, true]);
    expect(await listDatasets(database)).toHaveLength(before + 2);
    expect(await findOrphans(database)).toEqual([]);
    for (const { ref } of [built[0]!.train, built[0]!.test]) await verifyDataset(database, ref);
  });
});
