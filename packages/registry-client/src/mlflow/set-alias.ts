import { z } from 'zod';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { isMissing } from './mlflow-answer.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { versionNotFound } from './not-found-errors.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';

/** Points an alias at a version; there is no compare-and-set. @throws SlipwayError `model_version_not_found` */
export async function setAlias(
  transport: MlflowTransport,
  { name, alias, version }: { name: string; alias: string; version: string },
): Promise<void> {
  const request: MlflowRequest = {
    action: 'setting an alias',
    method: 'POST',
    path: trackingPath('registered-models/alias'),
    body: { name, alias, version },
    isRepeatable: true,
  };
  const answer = await transport.send(request);
  if (isMissing(answer)) throw versionNotFound(name, version);
  readBody(answer, { transport, request, schema: z.object({}) });
}
