import { SlipwayError, type Relation } from '@slipway/contracts';
import { featureRelation, featureTableStatus, judgeFreshness, type FeatureTable } from '@slipway/features';
import type { Attempt } from './attempt.ts';
import { featureTableOf } from './feature-table-of.ts';

/**
 * Step 1. The official feature table as known at the attempt's watermark: keys, features, target, split and block columns.
 * @throws SlipwayError `data_stale` when its newest load is read and is older than the table allows
 */
export async function readFeatures(attempt: Attempt): Promise<Relation> {
  const { context, model, watermark } = attempt;
  const table = featureTableOf(context, model);
  const split = model.split as { by?: string };
  const attributes = [split.by, model.gate.blocks].filter((column) => column !== undefined);
  const columns = [...new Set([...attributes, ...model.features, model.target])];
  const { database } = context;
  await checkFresh(attempt, table);
  return featureRelation(database, table, {
    columns,
    features: model.features,
    target: model.target,
    asOfLoad: watermark,
  });
}

/** An attempt that is pinned to an older load asks for old data: no limit stands against that. */
async function checkFresh({ context, watermark }: Attempt, table: FeatureTable): Promise<void> {
  if (table.freshness === undefined) return;
  const status = await featureTableStatus(context.database, table);
  const { ageHours, limitHours, isStale } = judgeFreshness(table, status, context.now());
  if (!isStale || watermark < status.watermark) return;
  throw new SlipwayError('data_stale', {
    what: `The newest rows of feature table ${table.name} are too old to train on`,
    expected: `at most ${limitHours ?? ''} hours`,
    received: `${(ageHours ?? 0).toFixed(1)} hours`,
    next: `Load newer rows with "slipway features load ${table.name} --file <csv>", or change "freshness" of the table`,
  });
}
