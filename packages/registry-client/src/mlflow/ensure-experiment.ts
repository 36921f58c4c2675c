import { z } from 'zod';
import type { Experiment } from '../experiment.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { findExperiment } from './find-experiment.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';
import { toWirePairs } from './wire/wire-values.ts';

const schema = z.object({ experiment_id: z.string() });

/** Finds or creates an experiment; safe when called at the same time, and after a lost answer. */
export async function ensureExperiment(
  transport: MlflowTransport,
  name: string,
  { tags = {} }: { readonly tags?: Readonly<Record<string, string>> } = {},
): Promise<Experiment> {
  const known = await findExperiment(transport, name);
  if (known !== undefined) return known;
  const request: MlflowRequest = {
    action: 'creating an experiment',
    method: 'POST',
    path: trackingPath('experiments/create'),
    body: { name, tags: toWirePairs(tags) },
    // A second arrival is told that the name exists.
    isRepeatable: true,
  };
  const answer = await transport.send(request);
  const isThere = !answer.ok && answer.errorCode === 'RESOURCE_ALREADY_EXISTS';
  const experimentId = isThere ? undefined : readBody(answer, { transport, request, schema }).experiment_id;
  const made = await findExperiment(transport, name);
  if (made !== undefined) return made;
  throw new Error(`an experiment vanished: ${experimentId ?? 'it existed a moment ago'}`);
}
