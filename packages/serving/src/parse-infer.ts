import type { ModelSignature } from '@slipway/contracts';
import { z } from 'zod';
import { parseClientRequestId } from './client-request-id.ts';
import { batchOfRows, travellers, type PredictionRequest } from './prediction-request.ts';
import { requestInvalid } from './request-invalid.ts';

const datatypes = [
  'BOOL',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'UINT8',
  'UINT16',
  'UINT32',
  'FP32',
  'FP64',
  'BYTES',
] as const;

const bodySchema = z.object({
  id: z.unknown().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  inputs: z
    .array(
      z.object({
        name: z.string(),
        shape: z.array(z.int().nonnegative()).min(1).max(2),
        datatype: z.enum(datatypes),
        data: z.array(z.unknown()),
      }),
    )
    .min(1),
});

export interface InferRequest extends PredictionRequest {
  /** What the caller named the request; null when it gave no name. */
  readonly id: string | null;
}

/**
 * Rows of the Open Inference Protocol v2 in JSON: one tensor per feature column, of shape [rows] or [rows, 1].
 * @throws SlipwayError `request_invalid`
 */
export function parseInfer(body: unknown, signature: ModelSignature): InferRequest {
  const result = bodySchema.safeParse(body);
  if (!result.success) {
    const places = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
    throw requestInvalid(`The request is malformed (${places.slice(0, 3).join('; ')})`);
  }
  const { id, inputs, parameters = {} } = result.data;
  const rowCount = inputs[0]?.shape[0] ?? 0;
  for (const { name, shape, data } of inputs) {
    const isColumn = shape[0] === rowCount && (shape[1] ?? 1) === 1 && data.length === rowCount;
    if (isColumn) continue;
    throw requestInvalid(`The tensor "${name}" is not a column of the request`, {
      expected: `shape [${rowCount}] or [${rowCount}, 1] and as many values`,
      details: { column: name },
    });
  }
  const rows = Array.from({ length: rowCount }, (_, row) =>
    Object.fromEntries(inputs.map(({ name, data }) => [name, unwrap(data[row])])),
  );
  return {
    id: parseClientRequestId(id, '"id"'),
    batch: batchOfRows(rows, signature),
    ...travellers(parameters, rowCount, signature),
  };
}

/** Data of shape [rows, 1] may be nested. */
function unwrap(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;
}
