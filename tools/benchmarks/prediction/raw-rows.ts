import type { ColumnBatch } from '@slipway/contracts';
import { preprocessingSchema } from '@slipway/models';
import type { TrainingData } from '../training/training-data.ts';

const weathers = ['clear', 'cloudy', 'rain'] as const;

/** The numbers of a benchmark with a text column beside them, as a request has one. */
export function rawRows({ features }: TrainingData): ColumnBatch {
  const { rowCount, names, columns } = features;
  const numbers = names.map((name, place) => ({ name, type: 'double' as const, values: columns[place]! }));
  const texts = Array.from({ length: rowCount }, (_, row) => weathers[row % weathers.length]!);
  return { rowCount, columns: [...numbers, { name: 'weather', type: 'string', values: texts }] };
}

/** Fills gaps in four columns and encodes the text. */
export const preprocessing = preprocessingSchema.parse([
  { step: 'impute', columns: ['x0', 'x1', 'x2', 'x3'], with: 'median' },
  { step: 'ordinal', columns: ['weather'], order: [...weathers], unseen: 'after' },
]);
