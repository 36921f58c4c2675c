import type { CellValue } from '@slipway/contracts';
import { eraseFromDatasets, findDatasetsHolding, listDatasets } from '@slipway/datasets';
import { eraseEntity, type FeatureTable } from '@slipway/features';
import type { DeploymentContext } from './deployment-context.ts';

export interface ErasedData {
  /** Row versions of the feature table. */
  readonly featureRows: number;
  /** Tables that held the entity: dropped, and never built again. */
  readonly datasets: readonly string[];
  /** Registered names of the models that were trained on the feature table, in every environment. */
  readonly models: readonly string[];
}

/**
 * Erases an entity from a feature table and from every dataset that was built of it, with entries in both audits. Models that
 * were trained on it stay: they hold no rows. Killed in the middle, the next call does the rest.
 * @throws SlipwayError `configuration_invalid` for a key that is not the table's
 */
export async function eraseEntityData(
  { database, who, holder, now }: DeploymentContext,
  table: FeatureTable,
  {
    key,
    reason,
    apply,
  }: {
    readonly key: Readonly<Record<string, CellValue>>;
    readonly reason: string;
    /** Without it nothing is erased. */
    readonly apply: boolean;
  },
): Promise<ErasedData> {
  const models = await findModelsOf({ database }, table);
  // Rows first: what is built from then on no longer has them.
  const featureRows = await eraseEntity(database, table, { key, who, reason, holder, now: now(), apply });
  const erasure = { source: table.name, key, who, reason };
  const datasets = apply
    ? await eraseFromDatasets(database, erasure)
    : await findDatasetsHolding(database, erasure);
  return { featureRows, datasets: datasets.map(({ ref }) => ref.table), models };
}

async function findModelsOf(
  { database }: Pick<DeploymentContext, 'database'>,
  { name }: FeatureTable,
): Promise<readonly string[]> {
  const datasets = await listDatasets(database);
  const ofTable = datasets.filter(({ origins }) =>
    origins.some((origin) => 'tables' in origin && origin.tables.includes(name)),
  );
  return [...new Set(ofTable.flatMap(({ uses }) => uses.map(({ model }) => model)))].toSorted();
}
