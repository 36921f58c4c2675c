import { z } from 'zod';

/** An integer; some servers and proxies send int64 as a text. */
export const wireInteger = z.union([z.number(), z.string().regex(/^-?\d+$/)]).transform(Number);

/** A double; NaN and the infinities travel as texts (proto JSON). */
export const wireDouble = z.union([
  z.number(),
  z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number),
  z
    .string()
    .regex(/^-?[\d.]+(e[+-]?\d+)?$/i)
    .transform(Number),
]);

/** A text that may be left out when it is empty. */
export const wireText = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

/** A list that may be left out when it is empty. */
export function wireList<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullish()
    .transform((list) => list ?? []);
}

/** `[{ key, value }]` as a record. */
export const wirePairs = wireList(z.object({ key: z.string(), value: wireText })).transform(
  (pairs): Readonly<Record<string, string>> =>
    Object.fromEntries(pairs.map(({ key, value }) => [key, value])),
);

/** A record as `[{ key, value }]`. */
export function toWirePairs(texts: Readonly<Record<string, string>>): { key: string; value: string }[] {
  return Object.entries(texts).map(([key, value]) => ({ key, value }));
}
