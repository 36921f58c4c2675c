import { z } from 'zod';

/**
 * The five column types, everywhere:
 * `double` (IEEE 754, finite), `long` (integer within +-2^53), `boolean`, `string` (UTF-8 without U+0000),
 * `datetime` (UTC, whole microseconds since 1970-01-01).
 */
export const columnTypes = ['double', 'long', 'boolean', 'string', 'datetime'] as const;

export type ColumnType = (typeof columnTypes)[number];

export const columnTypeSchema = z.enum(columnTypes);
