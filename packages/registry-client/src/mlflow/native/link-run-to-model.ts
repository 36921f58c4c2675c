import { z } from 'zod';
import type { MlflowTransport } from '../create-mlflow-transport.ts';
import { fetchRun } from '../fetch-run.ts';
import type { MlflowRequest } from '../mlflow-request.ts';
import { readBody } from '../read-body.ts';
import { trackingPath } from '../tracking-path.ts';

/**
 * Names a logged model among the outputs of its run, once: the server refuses a second time (its unique key), and with
 * it the whole list. `step` counts the models of the run, as the server keeps no order.
 */
export async function linkRunToModel(
  transport: MlflowTransport,
  runId: string,
  modelId: string,
): Promise<void> {
  const outputs = (await fetchRun(transport, runId)).outputs?.model_outputs ?? [];
  if (outputs.some((output) => output.model_id === modelId)) return;
  const request: MlflowRequest = {
    action: 'tying a logged model to its run',
    method: 'POST',
    path: trackingPath('runs/outputs'),
    body: { run_id: runId, models: [{ model_id: modelId, step: outputs.length }] },
    // An answer that was lost shows as a UNIQUE refusal of the second request, which is what we wanted.
    isRepeatable: true,
    mayRepeatRefusal: false,
  };
  const answer = await transport.send(request);
  if (!answer.ok && /UNIQUE|unique|Duplicate/.test(answer.message)) return;
  readBody(answer, { transport, request, schema: z.object({}) });
}
