import { SlipwayError, type ColumnSpec } from '@slipway/contracts';
import { quoteIdentifier, quoteTable, unsafeTime, type Queryable, type TableName } from '@slipway/database';

/**
 * Refuses what no model can be trained on and no reader can take without loss: NaN and infinities, longs and times beyond
 * 2^53, and NULL in a row key. One scan.
 * @throws SlipwayError `value_unsupported` with every such column and how many rows have one
 */
export async function checkValues(
  queryable: Queryable,
  table: TableName,
  {
    source,
    columns,
    key,
  }: { readonly source: string; readonly columns: readonly ColumnSpec[]; readonly key: readonly string[] },
): Promise<void> {
  const checked = columns.flatMap((column) => {
    const wrong = wrongValue(column, key.includes(column.name));
    return wrong === undefined ? [] : [{ name: column.name, ...wrong }];
  });
  if (checked.length === 0) return;
  const counts = checked.map(({ sql }, index) => `count(*) FILTER (WHERE ${sql}) AS c${index}`);
  const [row = {}] = await queryable.query<Record<string, string>>(
    `SELECT ${counts.join(', ')} FROM ${quoteTable(table)}`,
  );
  const found = checked
    .map((column, index) => ({ ...column, count: Number(row[`c${index}`] ?? 0) }))
    .filter(({ count }) => count > 0);
  if (found.length === 0) return;
  throw new SlipwayError('value_unsupported', {
    what: `${source} has values that a dataset cannot hold`,
    expected: 'row keys without NULL, finite numbers, longs and times within +-2^53',
    received: found.map(({ name, what, count }) => `${what} in ${count} rows of "${name}"`).join(', '),
    next: 'Correct them, leave the rows out, or make them NULL',
    details: { columns: found.map(({ name }) => name) },
  });
}

/** What a column may not hold, in words and as SQL; undefined when it may hold everything. */
function wrongValue(
  { name, type }: ColumnSpec,
  isKey: boolean,
): { readonly what: string; readonly sql: string } | undefined {
  const column = quoteIdentifier(name);
  const orNull = isKey ? ` OR ${column} IS NULL` : '';
  const what = (text: string): string => (isKey ? `${text} or NULL` : text);
  switch (type) {
    case 'double':
      return {
        what: what('NaN or an infinity'),
        // NaN is above every number in the order of Postgres: two comparisons find all three.
        sql: `${column} NOT BETWEEN '-1.7976931348623157e308' AND '1.7976931348623157e308'${orNull}`,
      };
    case 'long':
      return {
        what: what('a long beyond 2^53'),
        sql: `${column} NOT BETWEEN -9007199254740991 AND 9007199254740991${orNull}`,
      };
    case 'datetime':
      return { what: what('a time beyond 2^53'), sql: `${unsafeTime(column)}${orNull}` };
    case 'boolean':
    case 'string':
      return isKey ? { what: 'NULL', sql: `${column} IS NULL` } : undefined;
  }
}
