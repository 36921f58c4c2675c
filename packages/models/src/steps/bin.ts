import { z } from 'zod';
import { columnNames } from './column-names.ts';
import { defineNumberStep } from './number-step.ts';
import { knownNumbers, quantileOf } from './training-values.ts';

const count = z.int().min(2).max(100);

/**
 * A number to the number of its bin, from 0. Bins lie between `edges`, or are as many as asked for: with as many training
 * rows each (`quantiles`), or equally wide over their range (`equalWidth`). A value on an edge belongs to the bin above.
 */
export const bin = defineNumberStep({
  config: z.strictObject({
    step: z.literal('bin'),
    columns: columnNames,
    by: z.union([
      z.strictObject({
        edges: z
          .array(z.number())
          .min(1)
          .max(100)
          .refine((edges) => edges.every((edge, place) => place === 0 || edge > edges[place - 1]!), {
            message: '"edges" ascend',
          }),
      }),
      z.strictObject({ quantiles: count }),
      z.strictObject({ equalWidth: count }),
    ]),
  }),
  fitted: z.strictObject({
    step: z.literal('bin'),
    bins: z.array(z.strictObject({ column: z.string(), edges: z.array(z.number()) })),
  }),
  fitVersion: 2,
  fit: ({ columns, by }, batch) => ({
    step: 'bin' as const,
    bins: columns.map((column) => ({
      column,
      edges: 'edges' in by ? by.edges : edgesOf(knownNumbers(batch, column).sort(), by),
    })),
  }),
  operations: ({ bins }) => bins.map(({ column, edges }) => ({ column, operation: { kind: 'bin', edges } })),
});

/** The inner edges; equal ones, of a value that comes often, are one. */
function edgesOf(
  ascending: Float64Array,
  by: { readonly quantiles: number } | { readonly equalWidth: number },
): number[] {
  const bins = 'quantiles' in by ? by.quantiles : by.equalWidth;
  const [least, most] = [ascending[0]!, ascending.at(-1)!];
  const edges = Array.from({ length: bins - 1 }, (_, place) => {
    const share = (place + 1) / bins;
    return 'quantiles' in by ? quantileOf(ascending, share) : least + (most - least) * share;
  });
  return [...new Set(edges)];
}
