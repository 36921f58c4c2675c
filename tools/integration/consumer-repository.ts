import type { ScratchProject } from './scratch-project.ts';

/** A central repository as an outsider has it: one feature table, one model, a file of data. */
export async function writeConsumerRepository(project: ScratchProject): Promise<void> {
  await project.write(
    'slipway.config.ts',
    "export default { models: 'models', featureTables: 'features' };\n",
  );
  await project.write(
    'features/lines.ts',
    `import { defineFeatureTable } from '@slipway/features';

export default defineFeatureTable({
  name: 'lines',
  owner: 'docs',
  entityKey: ['id'],
  columns: { id: { type: 'long' }, x: { type: 'double' }, y: { type: 'double' } },
});
`,
  );
  await project.write(
    'models/line.ts',
    `import { defineModel } from '@slipway/deployment';

export default defineModel({
  name: 'line',
  owner: 'docs',
  featureTable: 'lines',
  target: 'y',
  features: ['x'],
  split: { kind: 'random', testShare: 0.25, seed: 7 },
  estimator: { family: 'linear' },
  gate: { metric: 'rmse', threshold: 1000 },
});
`,
  );
  const rows = Array.from({ length: 400 }, (_, id) => `${id},${id / 10},${id / 5 + 1}`);
  await project.write('lines.csv', ['id,x,y', ...rows].join('\n'));
}
