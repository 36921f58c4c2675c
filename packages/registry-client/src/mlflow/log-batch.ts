import { z } from 'zod';
import type { RunBatch } from '../run-registry.ts';
import { batchRefusal, paramConflict } from './batch-refusal.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { fetchRun } from './fetch-run.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { readBody } from './read-body.ts';
import { splitBatch } from './split-batch.ts';
import { trackingPath } from './tracking-path.ts';
import { toWireMetric } from './wire/metric-schema.ts';
import { toWirePairs } from './wire/wire-values.ts';

/**
 * Writes params, metrics and tags, in requests of at most 100 params, 100 tags and 1,000 metrics. Repeatable.
 * Before a batch of several requests the params are compared with those of the run, so that a conflict writes nothing.
 * @throws SlipwayError `run_not_found`, `registry_rejected` (`conflict`) for a param with another value
 */
export async function logBatch(transport: MlflowTransport, runId: string, batch: RunBatch): Promise<void> {
  const parts = splitBatch(batch);
  if (parts.length > 1) await checkParams(transport, runId, batch.params ?? {});
  for (const part of parts) await sendBatch(transport, runId, part);
}

async function checkParams(
  transport: MlflowTransport,
  runId: string,
  params: Readonly<Record<string, string>>,
): Promise<void> {
  const stored = (await fetchRun(transport, runId)).data?.params ?? {};
  const changed = Object.keys(params).find((key) => key in stored && stored[key] !== params[key]);
  if (changed !== undefined) throw paramConflict();
}

async function sendBatch(
  transport: MlflowTransport,
  runId: string,
  { params = {}, metrics = [], tags = {} }: RunBatch,
): Promise<void> {
  const request: MlflowRequest = {
    action: 'logging params, metrics and tags',
    method: 'POST',
    path: trackingPath('runs/log-batch'),
    body: {
      run_id: runId,
      params: toWirePairs(params),
      metrics: metrics.map(toWireMetric),
      tags: toWirePairs(tags),
    },
    isRepeatable: true,
  };
  const answer = await transport.send(request);
  if (!answer.ok) {
    const error = batchRefusal(answer, runId);
    if (error !== undefined) throw error;
  }
  readBody(answer, { transport, request, schema: z.object({}) });
}
