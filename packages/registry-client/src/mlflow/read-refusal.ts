import { z } from 'zod';
import type { Attempt } from './attempt-request.ts';
import type { MlflowRefusal } from './mlflow-answer.ts';

const schema = z.object({ error_code: z.union([z.string(), z.number()]), message: z.string().nullish() });

/** MLflow's own error in an answer, if it is one: other programs on the way answer with text and HTML. */
export function readRefusal({
  status,
  body,
}: Extract<Attempt, { kind: 'answered' }>): MlflowRefusal | undefined {
  const result = schema.safeParse(parseJson(body));
  if (!result.success) return undefined;
  const { error_code: errorCode, message } = result.data;
  return { ok: false, status, errorCode: String(errorCode), message: message ?? '' };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
