import { SlipwayError } from '@slipway/contracts';
import { quoteIdentifier, quoteTable, type Queryable, type TableName } from '@slipway/database';

/**
 * A value that only one side has is a stratum too small to split: the model would never see it, or never be tested on it.
 * @throws SlipwayError `dataset_empty` with the number of such values
 */
export async function checkStrata(
  queryable: Queryable,
  { by, train, test }: { readonly by: string; readonly train: TableName; readonly test: TableName },
): Promise<void> {
  const column = quoteIdentifier(by);
  const valuesOf = (table: TableName): string =>
    `SELECT DISTINCT ${column} AS value FROM ${quoteTable(table)}`;
  const [row] = await queryable.query<{ lone: string }>(
    `SELECT count(*) AS lone FROM ((${valuesOf(train)} EXCEPT ${valuesOf(test)})
       UNION ALL (${valuesOf(test)} EXCEPT ${valuesOf(train)})) AS lone`,
  );
  const lone = Number(row?.lone ?? 0);
  if (lone === 0) return;
  throw new SlipwayError('dataset_empty', {
    what: `${lone} values of "${by}" have rows on one side of the stratified split only`,
    expected: 'at least one row of each value on both sides',
    next: 'Put rare values together in the feature table, or take another testShare or variant "exact"',
  });
}
