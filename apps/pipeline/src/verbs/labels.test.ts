import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelDefinition } from '@slipway/deployment';
import { defineFeatureTable } from '@slipway/features';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CommandContext } from '../command-context.ts';
import { loadLabelFile } from './labels.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-labels-'));
  await writeFile(join(folder, 'visits.csv'), 'store,at\n1,2011-08-01\n');
});
afterAll(() => rm(folder, { recursive: true }));

const visits = defineFeatureTable({
  name: 'visits',
  owner: 'shops',
  entityKey: ['store'],
  eventTime: 'at',
  columns: { store: { type: 'long' }, at: { type: 'datetime' } },
});

it.each(['2011-07-01', '2011-10-01'])('refuses a window of labels that holds no time, to %s', async (to) => {
  const featureTables = new Map([[visits.name, visits]]);
  const command = {
    folder,
    configurations: async () => ({ models: new Map(), featureTables, broken: [] }),
  } as unknown as CommandContext;
  const model = { name: 'shops', featureTable: 'visits', target: 'store' } as ModelDefinition;
  const loaded = loadLabelFile(command, model, { file: 'visits.csv', from: '2011-10-01', to });
  await expect(loaded).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('expected --from earlier than --to') as string,
  });
});
