import { SlipwayError, type ColumnBatch } from '@slipway/contracts';
import { writeBatch, type Database, type TableName } from '@slipway/database';
import { csvBatches } from './csv-batches.ts';
import type { FeatureSource } from './feature-source.ts';
import type { FeatureTable } from './feature-table.ts';
import { givenRows } from './given-rows.ts';
import { parquetRows } from './parquet-rows.ts';
import { createReadProblems, type ReadProblems } from './read-problems.ts';
import { stageQuery } from './stage-query.ts';
import { stagedBatches } from './staged-batches.ts';

export interface Staging {
  readonly table: FeatureTable;
  readonly staging: TableName;
  readonly source: FeatureSource;
  readonly onProgress?: ((rows: number) => void) | undefined;
}

/** Fills the staging table. Returns how much was read and what could not be. */
export async function stageSource(
  database: Database,
  { table, staging, source, onProgress }: Staging,
): Promise<ReadProblems> {
  const problems = createReadProblems(source.kind === 'csv' ? 'line' : 'row');
  if (source.kind === 'query') await stageQuery(database, { table, staging, source, problems });
  else {
    for await (const batch of readBatches(table, source, problems)) {
      if (batch.rowCount > 0) await writeBatch(database, staging, batch);
      onProgress?.(problems.rowCount());
    }
  }
  return problems;
}

function readBatches(
  table: FeatureTable,
  source: Exclude<FeatureSource, { kind: 'query' }>,
  problems: ReadProblems,
): AsyncIterable<ColumnBatch> | Iterable<ColumnBatch> {
  switch (source.kind) {
    case 'batch':
      return [checkBatch(table, source.batch, problems)];
    case 'rows':
      return stagedBatches(table, givenRows(table, source.rows), { problems });
    case 'csv':
      return csvBatches(table, source, problems);
    case 'parquet':
      return stagedBatches(table, parquetRows(table, source.path), { where: source.where, problems });
  }
}

function checkBatch(table: FeatureTable, batch: ColumnBatch, problems: ReadProblems): ColumnBatch {
  for (const [name, { type }] of Object.entries(table.columns)) {
    const column = batch.columns.find((candidate) => candidate.name === name);
    if (column?.type === type) continue;
    throw new SlipwayError('schema_mismatch', {
      what: `A batch for feature table ${table.name} does not fit`,
      expected: `column "${name}" of type ${type}`,
      received: column?.type ?? 'no such column',
      next: 'Give the batch every column of the feature table by name and type; a column without values is all NULL',
    });
  }
  problems.addRows(batch.rowCount);
  return { ...batch, columns: batch.columns.filter(({ name }) => Object.hasOwn(table.columns, name)) };
}
