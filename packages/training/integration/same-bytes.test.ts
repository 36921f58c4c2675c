import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('train-process.ts', import.meta.url));

async function digestOf(workers: number, seed: number): Promise<string> {
  const task = JSON.stringify({ workers, seed });
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=@slipway/source',
    script,
    task,
  ]);
  return stdout.trim();
}

it('two processes train the same bytes with 1, 2 and 4 threads, and other bytes from another seed', async () => {
  const digests = [];
  for (const workers of [1, 2, 4]) digests.push(await digestOf(workers, 7));
  expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(digests).size).toBe(1);
  expect(await digestOf(2, 8)).not.toBe(digests[0]);
});
