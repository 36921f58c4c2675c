import { z } from 'zod';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { isMissing } from './mlflow-answer.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { versionNotFound } from './not-found-errors.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';

/** Writes or overwrites one tag. @throws SlipwayError `model_version_not_found` */
export async function setModelVersionTag(
  transport: MlflowTransport,
  { name, version, key, value }: { name: string; version: string; key: string; value: string },
): Promise<void> {
  const request: MlflowRequest = {
    action: 'tagging a model version',
    method: 'POST',
    path: trackingPath('model-versions/set-tag'),
    body: { name, version, key, value },
    isRepeatable: true,
  };
  const answer = await transport.send(request);
  if (isMissing(answer)) throw versionNotFound(name, version);
  readBody(answer, { transport, request, schema: z.object({}) });
}
