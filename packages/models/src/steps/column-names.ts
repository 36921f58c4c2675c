import { z } from 'zod';

/** The columns that a step of a configuration is about. */
export const columnNames = z.array(z.string().min(1)).min(1);
