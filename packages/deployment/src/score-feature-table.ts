import { createColumnBatch, getColumn, type ColumnBatch } from '@slipway/contracts';
import { readPages, writeBatch, type TableName } from '@slipway/database';
import { featureRelation, rowKey, type FeatureTable } from '@slipway/features';
import { createBatchPredictor } from '@slipway/models';
import { registeredName, type ModelVersion } from '@slipway/registry-client';
import { readRegisteredModel } from './champion.ts';
import type { DeploymentContext } from './deployment-context.ts';
import { findVersion } from './find-version.ts';
import { dropPredictions, ensurePredictionTable } from './prediction-table.ts';

export interface ScoringOptions {
  readonly model: string;
  /** Alias or number of the version that predicts. */
  readonly selector: string;
  /** Holds the rows, with every column of the model's signature. */
  readonly table: FeatureTable;
  /** Event time in [from, to), microseconds since 1970-01-01 UTC. */
  readonly where?: { readonly from?: number | undefined; readonly to?: number | undefined };
  /** Made when it is not there: row key, `predicted`, `model`, `version`, `run_id`, `scored_at`. */
  readonly into: TableName;
  readonly onProgress?: (rows: number) => void;
}

export interface ScoredRows {
  readonly registeredName: string;
  readonly version: string;
  readonly table: TableName;
  /** Load of the feature table whose rows were scored. */
  readonly watermark: number;
  readonly rows: number;
  /** Predictions of the same version and window that were there before. */
  readonly replaced: number;
}

const pageRows = 20_000;

/**
 * Predicts every row of a feature table's window with a registered version and keeps the predictions in a table: read and
 * written page by page in one transaction, so that memory does not grow with the rows and readers see all of them or
 * none. Predictions of the same version and window are replaced; two calls for one table follow each other.
 * @throws SlipwayError `model_version_not_found`, `artifact_invalid`; `schema_mismatch` for a column the feature table lacks
 * or a table of another shape; `value_unsupported` for a row the model cannot take: nothing was written
 */
export async function scoreFeatureTable(
  context: DeploymentContext,
  options: ScoringOptions,
): Promise<ScoredRows> {
  const { table, where, into, model } = options;
  const version = await findVersion(context, options);
  const fitted = await readRegisteredModel(context.registry, version);
  const relation = await featureRelation(context.database, table, {
    columns: fitted.signature.inputs.map(({ name }) => name),
    where: definedOf(where),
  });
  const key = rowKey(table).map((name) => ({ name, type: table.columns[name]!.type }));
  const scoredAt = context.now() * 1000;
  const predictor = createBatchPredictor(fitted, { workers: context.workers ?? 1 });
  const written = context.database.transaction(async (transaction) => {
    await ensurePredictionTable(transaction, into, key);
    const replaced = await dropPredictions(transaction, { into, eventTime: table.eventTime, where, version });
    let rows = 0;
    const query = { sql: relation.sql, parameters: relation.parameters, columns: relation.columns, pageRows };
    for await (const page of readPages(transaction, query)) {
      const predicted = await predictor.predict(page);
      const keyColumns = key.map(({ name }) => name);
      await writeBatch(transaction, into, scorePage(page, { keyColumns, version, predicted, scoredAt }));
      rows += page.rowCount;
      options.onProgress?.(rows);
    }
    const name = registeredName(model, context.environment);
    const watermark = relation.watermark[table.name] ?? 0;
    return { registeredName: name, version: version.version, table: into, watermark, rows, replaced };
  });
  return written.finally(() => predictor.close());
}

interface Scoring {
  readonly keyColumns: readonly string[];
  readonly version: ModelVersion;
  readonly predicted: Float64Array;
  readonly scoredAt: number;
}

function scorePage(page: ColumnBatch, { keyColumns, version, predicted, scoredAt }: Scoring): ColumnBatch {
  const repeat = (value: string | null): (string | null)[] => Array<string | null>(page.rowCount).fill(value);
  return createColumnBatch([
    ...keyColumns.map((name) => getColumn(page, name)),
    { name: 'predicted', type: 'double', values: predicted },
    { name: 'model', type: 'string', values: repeat(version.name) },
    { name: 'version', type: 'string', values: repeat(version.version) },
    { name: 'run_id', type: 'string', values: repeat(version.runId) },
    { name: 'scored_at', type: 'datetime', values: new Float64Array(page.rowCount).fill(scoredAt) },
  ]);
}

function definedOf({ from, to }: NonNullable<ScoringOptions['where']> = {}): { from?: number; to?: number } {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}
