import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import {
  mlflowCacheFolder,
  startMlflowServer,
  type MlflowTestServer,
} from '@slipway/registry-client/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));

/** Every fenced TypeScript block of a README, in order. */
function examplesOf(folder: string): string[] {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);
}

let test: TestDatabase;
let mlflow: MlflowTestServer;
beforeAll(async () => {
  test = await createTestDatabase();
  mlflow = await startMlflowServer({ major: '3', cacheFolder: mlflowCacheFolder(process.env) });
}, 600_000);
afterAll(async () => {
  await mlflow.stop();
  await test.drop();
});

function run(file: string): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve) => {
    const env = { DATABASE_URL: test.url, MLFLOW_TRACKING_URI: mlflow.url, NODE_NO_WARNINGS: '1' };
    const child = spawn(process.execPath, ['--conditions=@slipway/source', file], { env });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.resume();
    child.once('close', (code) => resolve({ code, stderr }));
  });
}

describe('the examples of the READMEs run', () => {
  it.each(packages.map((folder) => [folder.slice(root.length), folder]))('%s', async (_, folder) => {
    const examples = examplesOf(folder);
    expect(examples.length).toBeGreaterThan(0);
    for (const [index, code] of examples.entries()) {
      const file = join(folder, `readme-example-${process.pid}-${index}.ts`);
      await writeFile(file, code);
      try {
        expect(await run(file)).toEqual({ code: 0, stderr: '' });
      } finally {
        await rm(file);
      }
    }
  });
});
