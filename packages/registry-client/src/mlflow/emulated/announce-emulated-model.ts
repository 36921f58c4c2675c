import { z } from 'zod';
import type { MlflowTransport } from '../create-mlflow-transport.ts';
import { fetchRun } from '../fetch-run.ts';
import { sendForJson } from '../read-body.ts';
import { trackingPath } from '../tracking-path.ts';
import { announcementOf } from './announcement-of.ts';
import { emulatedFolder } from './emulation-tags.ts';

const historyTag = 'mlflow.log-model.history';

/** Tells MLflow 2 that the run has a model in its folder, so that its pages show it. Said once: each call is kept. */
export async function announceEmulatedModel(
  transport: MlflowTransport,
  { runId, mlmodel, now }: { runId: string; mlmodel: Uint8Array; now: number },
): Promise<void> {
  const { data } = await fetchRun(transport, runId);
  if ((data?.tags[historyTag] ?? '').includes(`"artifact_path": "${emulatedFolder}"`)) return;
  const model = announcementOf(mlmodel, { runId, now });
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
