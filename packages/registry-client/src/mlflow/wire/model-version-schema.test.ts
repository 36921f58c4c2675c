import { expect, it } from 'vitest';
import { getModelVersionSchema } from './model-version-schema.ts';

// The shapes of the protos that our servers do not send: proxies and Unity Catalog do.
it('reads aliases that are objects, numbers that are texts, and a model_id that was kept', () => {
  const { model_version: version } = getModelVersionSchema.parse({
    model_version: {
      name: 'main.demand.model',
      version: 3,
      creation_timestamp: '1700000000000',
      source: 's3://bucket/x',
      model_id: 'm-1',
      aliases: [{ alias: 'production', version: '3' }, { alias: 'champion' }],
    },
  });
  expect(version).toMatchObject({
    version: '3',
    creationTime: 1_700_000_000_000,
    modelId: 'm-1',
    runId: null,
    aliases: ['champion', 'production'],
  });
});
