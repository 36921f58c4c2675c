import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { installOnce } from './install-once.ts';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'slipway-once-'));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

const fill = (text: string) => (folder: string) => writeFile(join(folder, 'file'), text);
const read = (): Promise<string> => readFile(join(cache, 'deep', 'made', 'file'), 'utf8');

it('builds a folder once, with those above it', async () => {
  const folder = join(cache, 'deep', 'made');
  await installOnce(folder, fill('first'));
  await installOnce(folder, () => expect.fail('it is there'));
  expect(await read()).toBe('first');
});

it('leaves nothing of a build that failed', async () => {
  const folder = join(cache, 'deep', 'made');
  const failed = installOnce(folder, async (beside) => {
    await fill('half')(beside);
    throw new Error('no space');
  });
  await expect(failed).rejects.toThrow('no space');
  expect(await readdir(join(cache, 'deep'))).toEqual([]);
  await installOnce(folder, fill('second'));
  expect(await read()).toBe('second');
});

it('of two that build at once one wins, and both go on', async () => {
  const folder = join(cache, 'deep', 'made');
  let arrive = (): void => undefined;
  const both = new Promise<void>((resolve) => {
    let left = 2;
    arrive = () => (left -= 1) === 0 && resolve();
  });
  const build = (text: string) => async (beside: string) => {
    await fill(text)(beside);
    arrive();
    await both;
  };
  await Promise.all([installOnce(folder, build('one')), installOnce(folder, build('other'))]);
  expect(['one', 'other']).toContain(await read());
  expect(await readdir(join(cache, 'deep'))).toEqual(['made']);
});
