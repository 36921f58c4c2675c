import { z } from 'zod';
import type { DatasetInput } from '../dataset-input.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { fetchRun } from './fetch-run.ts';
import { isMissing } from './mlflow-answer.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { runNotFound } from './not-found-errors.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';
import { toWirePairs } from './wire/wire-values.ts';

/** Ties datasets to a run. Repeatable. @throws SlipwayError `run_not_found` */
export async function logInputs(
  transport: MlflowTransport,
  runId: string,
  inputs: readonly DatasetInput[],
): Promise<void> {
  if (inputs.length === 0) return void (await fetchRun(transport, runId));
  const request: MlflowRequest = {
    action: 'logging dataset inputs',
    method: 'POST',
    path: trackingPath('runs/log-inputs'),
    body: { run_id: runId, datasets: inputs.map(toWireInput) },
    isRepeatable: true,
  };
  const answer = await transport.send(request);
  if (isMissing(answer)) throw runNotFound(runId);
  readBody(answer, { transport, request, schema: z.object({}) });
}

function toWireInput({ name, digest, source, sourceType, schema, profile, tags = {} }: DatasetInput): object {
  return {
    dataset: { name, digest, source_type: sourceType, source, schema, profile },
    tags: toWirePairs(tags),
  };
}
