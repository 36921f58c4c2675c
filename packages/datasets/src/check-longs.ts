import { SlipwayError, type Relation } from '@slipway/contracts';
import { inlineParameters, quoteIdentifier, type Queryable } from '@slipway/database';

const wholeTypes = new Set(['smallint', 'integer', 'bigint']);

/**
 * Refuses a long that the relation computes as another type: a cast would round it, or read a text. No row is read.
 * @throws SlipwayError `schema_mismatch` naming the columns and their types
 */
export async function checkLongs(queryable: Queryable, relation: Relation): Promise<void> {
  const longs = relation.columns.filter(({ type }) => type === 'long').map(({ name }) => name);
  if (longs.length === 0) return;
  const types = longs.map((name) => `pg_typeof(asked.${quoteIdentifier(name)})::text`);
  const rows = inlineParameters(relation.sql, relation.parameters);
  const [row] = await queryable.query<{ types: readonly string[] }>(
    `SELECT ARRAY[${types.join(', ')}] AS types FROM (SELECT 1) AS one
     LEFT JOIN (SELECT * FROM (${rows}\n) AS relation LIMIT 0) AS asked ON true`,
  );
  const wrong = longs.flatMap((name, index) => {
    const type = row?.types[index] ?? '';
    return wholeTypes.has(type) ? [] : [`"${name}" of type ${type}`];
  });
  if (wrong.length === 0) return;
  throw new SlipwayError('schema_mismatch', {
    what: `${relation.source} has columns that are no whole numbers and were declared as long`,
    expected: 'smallint, integer or bigint',
    received: wrong.join(', '),
    next: 'Cast them in its SQL as they are meant, or declare them as double',
  });
}
