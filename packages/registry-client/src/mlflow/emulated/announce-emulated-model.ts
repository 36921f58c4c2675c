import { z } from 'zod';
import type { MlflowTransport } from '../create-mlflow-transport.ts';
import { fetchRun } from '../fetch-run.ts';
import { sendForJson } from '../read-body.ts';
import { trackingPath } from '../tracking-path.ts';
import { emulatedFolder } from './emulation-tags.ts';
import { readFlavorNames } from './read-flavor-names.ts';

const historyTag = 'mlflow.log-model.history';

/** Tells MLflow 2 that the run has a model in its folder, so that its pages show it. Said once: each call is kept. */
export async function announceEmulatedModel(
  transport: MlflowTransport,
  { runId, mlmodel, now }: { runId: string; mlmodel: Uint8Array; now: number },
): Promise<void> {
  const { data } = await fetchRun(transport, runId);
  if ((data?.tags[historyTag] ?? '').includes(`"artifact_path": "${emulatedFolder}"`)) return;
  const model = {
    artifact_path: emulatedFolder,
    flavors: Object.fromEntries(readFlavorNames(mlmodel).map((name) => [name, {}])),
    run_id: runId,
    utc_time_created: new Date(now).toISOString().replace('T', ' ').replace('Z', '000'),
    model_uuid: runId,
  };
  await sendForJson(
    transport,
    {
      action: 'announcing a model',
      method: 'POST',
      path: trackingPath('runs/log-model'),
      body: { run_id: runId, model_json: JSON.stringify(model) },
    },
    z.object({}),
  );
}
