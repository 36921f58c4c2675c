import { z } from 'zod';
import { columnNames } from './column-names.ts';
import { replaceColumns } from './replace-columns.ts';
import { defineStep } from './step-kind.ts';

/** Leaves columns out. */
export const drop = defineStep({
  config: z.strictObject({ step: z.literal('drop'), columns: columnNames }),
  fitted: z.strictObject({ step: z.literal('drop'), columns: z.array(z.string()) }),
  fitVersion: 1,
  fit: (step) => step,
  compile: ({ columns }) => replaceColumns(columns, () => []),
});
