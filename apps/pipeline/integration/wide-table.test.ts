import { createMlflowClient } from '@slipway/registry-client';
import {
  mlflowCacheFolder,
  mlflowReleases,
  startMlflowServer,
  type MlflowMajor,
  type MlflowTestServer,
} from '@slipway/registry-client/testing';
import type { DeployOutcome, DeploymentPlan, Lineage } from '@slipway/deployment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliProject, type CliProject } from './cli-project.ts';

const columns = Array.from({ length: 700 }, (_, number) => `a_measurement_with_a_long_name_${number}`);

/** A table of 700 columns, whose names alone are longer than a tag of MLflow. */
async function writeWideProject(project: CliProject): Promise<void> {
  const definitions = columns.map((name) => `${name}: { type: 'double' }`);
  await project.write(
    'apps/pipeline/features/wide.ts',
    `import { defineFeatureTable } from '@slipway/features';
     export default defineFeatureTable({ name: 'wide', owner: 'lab', entityKey: ['id'],
       columns: { id: { type: 'long' }, target: { type: 'double' }, ${definitions.join(', ')} } });`,
  );
  await project.write(
    'apps/pipeline/models/wide.ts',
    `import { defineModel } from '@slipway/deployment';
     export default defineModel({ name: 'wide', owner: 'lab', featureTable: 'wide', target: 'target',
       features: ${JSON.stringify(columns)}, split: { kind: 'random', testShare: 0.3, seed: 1 },
       estimator: { family: 'random-forest', seed: 1, params: { nEstimators: 1, maxDepth: 2 } },
       gate: { metric: 'rmse', threshold: 1000 } });`,
  );
  const rows = Array.from({ length: 200 }, (_, row) =>
    [row, row * 2, ...columns.map((_, column) => (row * (column + 3)) % 17)].join(','),
  );
  await project.write('wide.csv', [['id', 'target', ...columns].join(','), ...rows].join('\n'));
  await project.json(['features', 'load', 'wide', '--file', 'wide.csv']);
}

describe.each(Object.keys(mlflowReleases) as MlflowMajor[])(
  'a table of 700 columns on MLflow %s',
  (major) => {
    let mlflow: MlflowTestServer;
    let project: CliProject;
    let deployed: DeployOutcome;

    beforeAll(async () => {
      mlflow = await startMlflowServer({ major, cacheFolder: mlflowCacheFolder(process.env) });
      project = await createCliProject({ MLFLOW_TRACKING_URI: mlflow.url });
      await writeWideProject(project);
      deployed = await project.json<DeployOutcome>(['deploy', 'wide']);
    }, 600_000);
    afterAll(async () => {
      await project.remove();
      await mlflow.stop();
    });

    it('is deployed', () => {
      expect(deployed.outcome).toBe('promoted');
    });

    // What is read back is one file, of the same bytes on both.
    if (major === '2') return;

    it('is explained, and planned by single columns', async () => {
      const { inputs } = await project.json<Lineage>(['explain', 'wide@production']);
      expect(inputs?.features).toEqual(columns);
      await project.edit('apps/pipeline/models/wide.ts', `,"${columns[699]}"`, '');
      const plan = await project.json<DeploymentPlan>(['plan', 'wide']);
      expect(plan).toMatchObject({
        action: 'deploy',
        reasons: [`features.699 "${columns[699]}" -> absent`],
      });
    });

    it('stops nobody when the file of its inputs is lost or was changed', async () => {
      const registry = createMlflowClient({ trackingUri: mlflow.url });
      await registry.logArtifact(deployed.runId!, 'inputs.json', new TextEncoder().encode('{}'));
      expect(await project.json<Lineage>(['explain', 'wide@production'])).toMatchObject({ inputs: null });
      const plan = await project.json<DeploymentPlan>(['plan', 'wide']);
      expect(plan).toMatchObject({
        action: 'deploy',
        reasons: [
          expect.stringMatching(/others than those of run .* whose inputs.json is lost or was changed/),
        ],
      });
    });
  },
);
