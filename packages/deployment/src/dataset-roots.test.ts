import type { CataloguedDataset } from '@slipway/datasets';
import type { Registry } from '@slipway/registry-client';
import { expect, it } from 'vitest';
import { findDatasetRoots } from './dataset-roots.ts';

it('names the alias that a dataset serves, whichever version was made from it first', async () => {
  const use = (runId: string) => ({ runId, model: 'bikes', context: 'train', usedAt: new Date(0) });
  const shared = { ref: { digest: 'a1' }, swept: null, uses: [use('first'), use('second')] };
  const versions = [
    { version: '2', aliases: ['production'], runId: 'second' },
    { version: '1', aliases: [], runId: 'first' },
  ];
  const registry = { listModelVersions: async () => versions } as unknown as Registry;
  const rules = { keepVersions: 3, keepDays: 30, now: 0 };
  const roots = await findDatasetRoots(registry, [shared as unknown as CataloguedDataset], rules);
  expect([...roots]).toEqual([['a1', 'alias production of bikes, version 2']]);
});

it.each([1.5, NaN, -1, null, '3'])('refuses a number of versions that is none: %s', async (keepVersions) => {
  const rules = { keepVersions: keepVersions as number, keepDays: 30, now: 0 };
  await expect(findDatasetRoots({} as Registry, [], rules)).rejects.toMatchObject({
    code: 'invalid_argument',
    message: expect.stringContaining('"keepVersions" must be a whole number from 0') as string,
  });
});
