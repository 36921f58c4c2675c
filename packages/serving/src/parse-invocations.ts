import type { ModelSignature } from '@slipway/contracts';
import { z } from 'zod';
import { batchOfRows, travellers, type PredictionRequest } from './prediction-request.ts';
import { requestInvalid } from './request-invalid.ts';

const record = z.record(z.string(), z.unknown());
const bodySchema = z.object({
  /** Which model; may be left out when one is served. */
  model: z.string().optional(),
  dataframe_records: z.array(record).optional(),
  dataframe_split: z.object({ columns: z.array(z.string()), data: z.array(z.array(z.unknown())) }).optional(),
  params: record.optional(),
});

export type InvocationsBody = z.infer<typeof bodySchema>;

/** Checks the shape of a body of MLflow's scoring protocol. @throws SlipwayError `request_invalid` */
export function parseInvocationsBody(body: unknown): InvocationsBody {
  const result = bodySchema.safeParse(body);
  if (result.success) return result.data;
  const places = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw requestInvalid(`The request is malformed (${places.slice(0, 3).join('; ')})`);
}

/**
 * Rows of MLflow's scoring protocol: `dataframe_records` (a list of objects) or `dataframe_split` (columns and data).
 * @throws SlipwayError `request_invalid`
 */
export function parseInvocations(body: InvocationsBody, signature: ModelSignature): PredictionRequest {
  const rows = rowsOf(body);
  return { batch: batchOfRows(rows, signature), ...travellers(body.params ?? {}, rows.length, signature) };
}

function rowsOf({
  dataframe_records: records,
  dataframe_split: split,
}: InvocationsBody): Record<string, unknown>[] {
  if (records !== undefined && split === undefined) return records;
  if (split !== undefined && records === undefined) {
    const { columns, data } = split;
    return data.map((cells, row) => {
      if (cells.length !== columns.length) {
        throw requestInvalid(`Row ${row} does not fit the columns`, {
          expected: `${columns.length} values`,
          details: { row },
        });
      }
      return Object.fromEntries(columns.map((name, place) => [name, cells[place]]));
    });
  }
  throw requestInvalid('The request has no rows', {
    expected: 'either "dataframe_records" or "dataframe_split"',
  });
}
