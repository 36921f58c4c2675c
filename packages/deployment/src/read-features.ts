import type { Relation } from '@slipway/contracts';
import { featureRelation } from '@slipway/features';
import type { Attempt } from './attempt.ts';
import { featureTableOf } from './feature-table-of.ts';

/** Step 1. The official feature table as known at the attempt's watermark: keys, features, target, split and block columns. */
export async function readFeatures({ context, model, watermark }: Attempt): Promise<Relation> {
  const table = featureTableOf(context, model);
  const split = model.split as { by?: string };
  const attributes = [split.by, model.gate.blocks].filter((column) => column !== undefined);
  const columns = [...new Set([...attributes, ...model.features, model.target])];
  const { database } = context;
  return featureRelation(database, table, {
    columns,
    features: model.features,
    target: model.target,
    asOfLoad: watermark,
  });
}
