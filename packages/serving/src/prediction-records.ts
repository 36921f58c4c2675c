import { getColumn, type PredictionRecord, type PredictionRole } from '@slipway/contracts';
import type { ModelHandle } from './model-handle.ts';
import type { PredictionRequest } from './prediction-request.ts';

/** What is logged of a request: one record per row, features in signature order. */
export function predictionRecords(
  { model, version, runId, fitted }: ModelHandle,
  { batch, entityKeys, eventTimes }: PredictionRequest,
  predictions: Float64Array,
  answered: {
    readonly requestId: string;
    readonly clientRequestId: string | null;
    readonly role: PredictionRole;
    /** Microseconds since 1970-01-01 UTC. */
    readonly receivedAt: number;
  },
): PredictionRecord[] {
  const columns = fitted.signature.inputs.map(({ name }) => getColumn(batch, name));
  return Array.from(predictions, (prediction, row) => ({
    formatVersion: 1,
    ...answered,
    row,
    model,
    version,
    runId,
    entityKey: entityKeys[row] ?? null,
    eventTime: eventTimes[row] ?? null,
    prediction,
    numbers: columns.flatMap((column) => {
      if (column.type === 'string') return [];
      const value = column.values[row]!;
      return [Number.isNaN(value) ? null : value];
    }),
    texts: columns.flatMap((column) => (column.type === 'string' ? [column.values[row] ?? null] : [])),
  }));
}
