import { parseStored } from '@slipway/contracts';
import type { Queryable, Transaction } from '@slipway/database';
import { z } from 'zod';
import { featureTableSchema, type FeatureTable } from './feature-table.ts';

/** A definition as the catalogue keeps it. Strict: an older program must not drop what a newer one wrote. */
const storedSchema = featureTableSchema.extend({ formatVersion: z.literal(1) });

/**
 * The definition that a table was created or last brought up to date with, or undefined before.
 * @throws SlipwayError `format_unsupported`, `schema_mismatch`
 */
export async function findStoredDefinition(
  queryable: Queryable,
  name: string,
): Promise<FeatureTable | undefined> {
  return readDefinition(queryable, name, '');
}

/** As {@link findStoredDefinition}, kept until the transaction ends: by loads against changes, by changes against both. */
export async function lockDefinition(
  transaction: Transaction,
  name: string,
  strength: 'SHARE' | 'NO KEY UPDATE',
): Promise<FeatureTable | undefined> {
  return readDefinition(transaction, name, `FOR ${strength}`);
}

async function readDefinition(
  queryable: Queryable,
  name: string,
  lock: string,
): Promise<FeatureTable | undefined> {
  const [row] = await queryable.query<{ definition: unknown }>(
    `SELECT definition FROM features._feature_table WHERE name = $1 ${lock}`,
    [name],
  );
  if (row === undefined) return undefined;
  const stored = parseStored(storedSchema, 'feature table definition', row.definition);
  return featureTableSchema.strip().parse(stored);
}

/** Enters a definition in the catalogue, or replaces the one of that name. */
export async function storeDefinition(queryable: Queryable, table: FeatureTable): Promise<void> {
  await queryable.execute(
    `INSERT INTO features._feature_table (name, definition) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET definition = excluded.definition`,
    [table.name, JSON.stringify({ formatVersion: 1, ...table })],
  );
}
