import { SlipwayError, type ColumnType, type Relation } from '@slipway/contracts';
import { inlineParameters, quoteIdentifier, type Queryable } from '@slipway/database';

const wholeTypes = ['smallint', 'integer', 'bigint'];
/** Types whose text is the same in every session; those of times, doubles and bytes follow its settings. */
const steadyTypes = [...wholeTypes, 'numeric', 'boolean', 'uuid', 'json', 'jsonb'];
/** Categories of `pg_type`: texts, enumerations. */
const steadyCategories = ['S', 'E'];

interface SourceType {
  readonly name: string;
  readonly type: string;
  readonly category: string;
}

/**
 * Refuses columns that the relation computes as a type whose cast to the declared one is not exact: a long would be
 * rounded, or read from a text; a string would be written as the session is set. No row is read.
 * @throws SlipwayError `schema_mismatch` naming the columns and their types
 */
export async function checkSourceTypes(queryable: Queryable, relation: Relation): Promise<void> {
  await refuse(queryable, relation, {
    declared: 'long',
    isExact: ({ type }) => wholeTypes.includes(type),
    what: 'are no whole numbers',
    expected: 'smallint, integer or bigint',
    next: 'Cast them in its SQL as they are meant, or declare them as double',
  });
  await refuse(queryable, relation, {
    declared: 'string',
    isExact: ({ type, category }) => steadyTypes.includes(type) || steadyCategories.includes(category),
    what: 'have no text that is the same in every session',
    expected: `text, an enumeration, ${steadyTypes.slice(0, -1).join(', ')} or ${steadyTypes.at(-1)}`,
    next: 'Write them as text in its SQL, such as by to_char, or declare them as what they are',
  });
}

async function refuse(
  queryable: Queryable,
  relation: Relation,
  rule: {
    readonly declared: ColumnType;
    readonly isExact: (type: SourceType) => boolean;
    readonly what: string;
    readonly expected: string;
    readonly next: string;
  },
): Promise<void> {
  const { declared, isExact, what, expected, next } = rule;
  const names = relation.columns.filter(({ type }) => type === declared).map(({ name }) => name);
  if (names.length === 0) return;
  const wrong = (await findTypes(queryable, relation, names)).filter((found) => !isExact(found));
  if (wrong.length === 0) return;
  throw new SlipwayError('schema_mismatch', {
    what: `${relation.source} has columns that ${what} and were declared as ${declared}`,
    expected,
    received: wrong.map(({ name, type }) => `"${name}" of type ${type}`).join(', '),
    next,
  });
}

async function findTypes(
  queryable: Queryable,
  { sql, parameters }: Relation,
  names: readonly string[],
): Promise<readonly SourceType[]> {
  const types = names.map((name) => `pg_typeof(asked.${quoteIdentifier(name)})`).join(', ');
  const rows = await queryable.query<{ type: string; category: string }>(
    `SELECT format_type(pg_type.oid, NULL) AS type, typcategory AS category
     FROM (SELECT ARRAY[${types}] AS types FROM (SELECT 1) AS one
       LEFT JOIN (SELECT * FROM (${inlineParameters(sql, parameters)}\n) AS relation LIMIT 0) AS asked ON true) AS found,
       unnest(types) WITH ORDINALITY AS place(type, number) JOIN pg_type ON pg_type.oid = place.type
     ORDER BY number`,
  );
  return rows.map((row, index) => ({ name: names[index] ?? '', ...row }));
}
