import { SlipwayError } from '@slipway/contracts';
import type { z } from 'zod';
import type { MlflowAnswer } from './mlflow-answer.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { refusalError } from './refusal-error.ts';

/**
 * Sends a request and reads its JSON answer by a schema.
 * @throws SlipwayError `registry_rejected` for a refusal, `registry_unavailable` for an answer that is not MLflow's
 */
export async function sendForJson<Schema extends z.ZodType>(
  transport: MlflowTransport,
  request: MlflowRequest,
  schema: Schema,
): Promise<z.output<Schema>> {
  return readBody(await transport.send(request), { transport, request, schema });
}

/** The JSON of an answer, by a schema. Throws as {@link sendForJson} does. */
export function readBody<Schema extends z.ZodType>(
  answer: MlflowAnswer,
  {
    transport,
    request,
    schema,
  }: { readonly transport: MlflowTransport; readonly request: MlflowRequest; readonly schema: Schema },
): z.output<Schema> {
  if (!answer.ok) throw refusalError(answer, { request, url: transport.url });
  const result = schema.safeParse(parseJson(answer.body));
  if (result.success) return result.data;
  const received = /html/i.test(answer.contentType)
    ? 'a web page with HTTP 200'
    : `an answer of another shape (${result.error.issues[0]?.path.join('.') || 'no object'})`;
  throw new SlipwayError('registry_unavailable', {
    what: `There is no MLflow server at ${transport.url}, or something stands in front of it`,
    received,
    next: 'Check the address; a login page in front of the server needs its own credentials',
    details: { url: transport.url, path: request.path },
  });
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
