import { SlipwayError, type ColumnBatch, type DatasetRef } from '@slipway/contracts';
import { postgresTypes, quoteIdentifier, quoteTable, writeBatch, type Database } from '@slipway/database';
import { checkColumnNames } from './check-column-names.ts';
import { datasetNotFound } from './dataset-not-found.ts';
import { findDataset } from './find-dataset.ts';
import { holdOffErasures } from './hold-off-erasures.ts';
import { buildTable, sealDataset, type StoredDataset } from './seal-dataset.ts';

/**
 * Stores the test predictions of a model as an immutable table: one row per test row.
 * @throws SlipwayError `schema_mismatch` when the batch has another number of rows than the test set or lacks a key column,
 * `dataset_not_found` when the test set is stored no more, `configuration_invalid` for names that a table cannot have
 */
export function storePredictions(
  database: Database,
  {
    model,
    test,
    keyColumns,
    batch,
  }: {
    readonly model: string;
    readonly test: DatasetRef;
    readonly keyColumns: readonly string[];
    /** Key columns, observed and predicted values. */
    readonly batch: ColumnBatch;
  },
): Promise<StoredDataset> {
  const missing = keyColumns.filter((name) => !batch.columns.some((column) => column.name === name));
  if (batch.rowCount !== test.rowCount || missing.length > 0) {
    throw new SlipwayError('schema_mismatch', {
      what: 'The predictions do not fit their test set',
      expected: `${test.rowCount} rows with the columns ${keyColumns.join(', ')}`,
      received: `${batch.rowCount} rows with the columns ${batch.columns.map(({ name }) => name).join(', ')}`,
      next: 'Predict every row of the test set once, with the columns of its row key beside the predictions',
    });
  }
  checkColumnNames(model, batch.columns, 'Rename them');
  const build = buildTable();
  const columns = batch.columns.map(({ name, type }) => `${quoteIdentifier(name)} ${postgresTypes[type]}`);
  return database.transaction(async (transaction) => {
    await holdOffErasures(transaction);
    // Its rows may have been erased since they were read.
    if ((await findDataset(transaction, test.digest)) === undefined) throw datasetNotFound(test.digest);
    await transaction.execute(`CREATE TABLE ${quoteTable(build)} (${columns.join(', ')})`);
    await writeBatch(transaction, build, batch);
    const recipe = { formatVersion: 1, model, testDigest: test.digest } as const;
    return sealDataset(transaction, build, {
      kind: 'predictions',
      source: model,
      columns: batch.columns,
      recipe,
    });
  });
}
