import type { ModelSignature, Relation, RelationColumn } from '@slipway/contracts';
import { quoteIdentifier } from '@slipway/database';

interface PredictionsOf {
  /** Registered name. */
  readonly model: string;
  readonly version: string;
  readonly signature: ModelSignature;
}

/**
 * The logged predictions of a version as a relation: `event_time` (when the caller sent none, the time of receipt),
 * `prediction`, and the feature columns as the signature types them.
 */
export function predictionRelation({ model, version, signature }: PredictionsOf): Relation {
  const features = featureColumns(signature);
  const list = features.map(({ sql, name }) => `${sql} AS ${quoteIdentifier(name)}`).join(', ');
  return {
    source: 'prediction_log',
    sql: `SELECT coalesce(event_time, received_at) AS event_time, prediction, ${list}
          FROM serving.prediction WHERE model = $1 AND version = $2`,
    parameters: [model, version],
    columns: [
      { name: 'event_time', type: 'datetime', role: 'eventTime', nullable: false },
      { name: 'prediction', type: 'double', role: 'attribute', nullable: false },
      ...features.map(({ name, type }): RelationColumn => ({ name, type, role: 'feature', nullable: true })),
    ],
    watermark: {},
  };
}

/**
 * Predictions of a version whose label has arrived, joined by entity key and event time; a later label corrects an
 * earlier one.
 */
export function labelledPredictionRelation({ model, version }: PredictionsOf): Relation {
  return {
    source: 'labelled_predictions',
    sql: `SELECT prediction.event_time, prediction.prediction, latest.label
          FROM serving.prediction AS prediction JOIN (
            SELECT DISTINCT ON (model, event_time, entity_key) model, event_time, entity_key, label
            FROM serving.label WHERE model = $1 ORDER BY model, event_time, entity_key, observed_at DESC) AS latest
            USING (model, event_time, entity_key)
          WHERE prediction.model = $1 AND prediction.version = $2`,
    parameters: [model, version],
    columns: [
      { name: 'event_time', type: 'datetime', role: 'eventTime', nullable: false },
      { name: 'prediction', type: 'double', role: 'attribute', nullable: false },
      { name: 'label', type: 'double', role: 'target', nullable: false },
    ],
    watermark: {},
  };
}

/** Where each feature lies in the two arrays of a record, and how it becomes its type again. */
function featureColumns({ inputs }: ModelSignature): (ModelSignature['inputs'][number] & { sql: string })[] {
  let [numbers, texts] = [0, 0];
  return inputs.map((input) => {
    if (input.type === 'string') return { ...input, sql: `texts[${(texts += 1)}]` };
    const cell = `numbers[${(numbers += 1)}]`;
    const sql = {
      double: cell,
      long: `${cell}::bigint`,
      boolean: `(${cell} = 1)`,
      datetime: `(timestamptz 'epoch' + ${cell} * interval '1 microsecond')`,
    }[input.type];
    return { ...input, sql };
  });
}
