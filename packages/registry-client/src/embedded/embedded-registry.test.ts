import { randomUUID } from 'node:crypto';
import { migrate } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Registry } from '../registry.ts';
import { describeRegistryContract } from '../testing/index.ts';
import { createEmbeddedRegistry, registryMigrations } from './index.ts';

let test: TestDatabase;
let time = 1_700_000_000_000;

beforeAll(async () => {
  test = await createTestDatabase();
  await migrate(test.database, registryMigrations);
});
afterAll(() => test.drop());

const connect = (): Registry =>
  createEmbeddedRegistry({
    database: test.database,
    now: () => (time += 1),
    generateId: () => randomUUID().replaceAll('-', ''),
  });

describeRegistryContract('embedded registry', connect);

it('numbers no version for a run that does not exist', async () => {
  const registry = connect();
  await registry.ensureRegisteredModel('orphan');
  const version = { name: 'orphan', runId: 'f'.repeat(32), source: 's3://bucket/model' };
  await expect(registry.createModelVersion(version)).rejects.toMatchObject({ code: 'run_not_found' });
  expect(await registry.listModelVersions('orphan')).toEqual([]);
});

it('finds a stored file that was damaged', async () => {
  const registry = connect();
  const { experimentId } = await registry.ensureExperiment('damaged');
  const { runId } = await registry.createRun({ experimentId, runName: 'one', startTime: 1 });
  await registry.logArtifact(runId, 'model.bin', Uint8Array.of(1, 2, 3, 250));
  await test.database.execute(
    "UPDATE registry.content_chunk SET bytes = '\\x00' WHERE bytes = '\\x010203fa'",
  );
  await expect(registry.readArtifact(runId, 'model.bin')).rejects.toMatchObject({ code: 'artifact_invalid' });
});
