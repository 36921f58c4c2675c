import { quoteIdentifier, quoteTable, type Queryable, type TableName } from '@slipway/database';
import { rowConstraints } from './constraints.ts';
import { rowKey, type FeatureTable } from './feature-table.ts';
import { sampleSize, type Violation } from './violation.ts';

/**
 * Finds every violated constraint of a staged batch with one aggregate query, then sample keys for those alone.
 * Uniqueness is checked within the batch.
 */
export async function validateStaged(
  queryable: Queryable,
  table: FeatureTable,
  staging: TableName,
): Promise<{ readonly rowCount: number; readonly violations: readonly Violation[] }> {
  const rules = [
    ...rowConstraints(table).map(({ name, sql }) => ({ name, broken: `NOT (${sql})` })),
    ...[rowKey(table), ...table.unique].map((columns, index) => ({
      name: index === 0 ? 'row_key_unique' : `unique_${columns.join('_')}`,
      broken: `copies_${index} > 1`,
    })),
  ];
  const source = withCopies(table, staging);
  const counts = rules.map(({ broken }, index) => `count(*) FILTER (WHERE ${broken}) AS rule_${index}`);
  const [row = {}] = await queryable.query<Record<string, string>>(
    `SELECT count(*) AS total, ${counts.join(', ')} FROM (${source}) AS staged`,
  );
  const rowCount = Number(row['total'] ?? 0);
  const violations: Violation[] = [];
  for (const [index, { name, broken }] of rules.entries()) {
    const count = Number(row[`rule_${index}`] ?? 0);
    if (count === 0) continue;
    violations.push({
      constraint: name,
      count,
      share: count / rowCount,
      sampleKeys: await sampleKeys(queryable, table, source, broken),
    });
  }
  return { rowCount, violations };
}

/** The staged rows, each with how many share its values in every unique set of columns. */
function withCopies(table: FeatureTable, staging: TableName): string {
  const copies = [rowKey(table), ...table.unique].map(
    (columns, index) =>
      `count(*) OVER (PARTITION BY ${columns.map(quoteIdentifier).join(', ')}) AS copies_${index}`,
  );
  return `SELECT *, ${copies.join(', ')} FROM ${quoteTable(staging)}`;
}

async function sampleKeys(
  queryable: Queryable,
  table: FeatureTable,
  source: string,
  broken: string,
): Promise<string[]> {
  const keys = rowKey(table).map((name) => `'${name}', ${quoteIdentifier(name)}`);
  const rows = await queryable.query<{ key: object }>(
    `SELECT DISTINCT jsonb_build_object(${keys.join(', ')}) AS key FROM (${source}) AS staged WHERE ${broken} ORDER BY 1 LIMIT ${sampleSize}`,
  );
  return rows.map(({ key }) => JSON.stringify(key));
}
