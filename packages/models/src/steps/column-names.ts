import { z } from 'zod';

/** The columns that a step of a configuration is about, each once. */
export const columnNames = distinct(z.array(z.string().min(1)).min(1));

/** A list that names nothing twice. */
export function distinct<T extends z.ZodType<readonly string[]>>(names: T): T {
  return names.refine((list) => new Set(list).size === list.length, { message: 'nothing is named twice' });
}
