import { parseStored } from '@slipway/contracts';
import type { Queryable } from '@slipway/database';
import { z } from 'zod';

const columnProfileSchema = z.strictObject({
  nulls: z.int().nonnegative(),
  /** Smallest and largest number, or time in ISO 8601; null for texts, booleans, and when every cell is NULL. */
  min: z.union([z.number(), z.string()]).nullable(),
  max: z.union([z.number(), z.string()]).nullable(),
  /** Different texts; null for other types, keys, more than 1,000, and where one is longer than 200 bytes. */
  categories: z.int().nonnegative().nullable(),
  /** Texts that no earlier load had: how many, and up to twenty of them. Empty in the first load. */
  newCategories: z.strictObject({ count: z.int().nonnegative(), sample: z.array(z.string()) }),
});

const loadProfileSchema = z.strictObject({
  formatVersion: z.literal(1),
  rows: z.int().nonnegative(),
  columns: z.record(z.string(), columnProfileSchema),
});

/** What a load brought, by column: what people look at when a model begins to err. */
export type LoadProfile = z.output<typeof loadProfileSchema>;
export type ColumnProfile = z.output<typeof columnProfileSchema>;

/**
 * The profile of a load; undefined for an unknown one, and one from before loads were profiled.
 * @throws SlipwayError `format_unsupported`
 */
export async function readLoadProfile(
  queryable: Queryable,
  { table, load }: { readonly table: string; readonly load: number },
): Promise<LoadProfile | undefined> {
  const [row] = await queryable.query<{ profile: unknown }>(
    'SELECT profile FROM features._load WHERE feature_table = $1 AND number = $2',
    [table, load],
  );
  if (row === undefined || row.profile === null) return undefined;
  return parseStored(loadProfileSchema, 'load profile', row.profile);
}
