import { z } from 'zod';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { isMissing } from './mlflow-answer.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { experimentNotFound } from './not-found-errors.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';

/** Writes or overwrites tags, one request each. @throws SlipwayError `registry_rejected` for an unknown experiment */
export async function setExperimentTags(
  transport: MlflowTransport,
  experimentId: string,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [key, value] of Object.entries(tags)) {
    const request: MlflowRequest = {
      action: 'tagging an experiment',
      method: 'POST',
      path: trackingPath('experiments/set-experiment-tag'),
      body: { experiment_id: experimentId, key, value },
      isRepeatable: true,
    };
    const answer = await transport.send(request);
    if (isMissing(answer)) throw experimentNotFound(experimentId);
    readBody(answer, { transport, request, schema: z.object({}) });
  }
}
