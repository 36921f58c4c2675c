import type { ModelSignature, PredictionRole, Relation, RelationColumn } from '@slipway/contracts';
import { quoteIdentifier } from '@slipway/database';

/** Which logged predictions: of a registered version, or of a run that was served by its id. */
export type PredictionsOf = {
  /** Registered name. */
  readonly model: string;
  readonly signature: ModelSignature;
  /** What it was served as. @default 'production' of a version, 'candidate' of a run */
  readonly role?: PredictionRole;
} & ({ readonly version: string } | { readonly runId: string });

/**
 * The logged predictions of a version or run as a relation: `event_time` (when the caller sent none, the time of
 * receipt), `prediction`, and the feature columns as the signature types them. A feature may be called like one of the
 * first two: columns are told apart by role and place.
 */
export function predictionRelation(of: PredictionsOf): Relation {
  const features = featureColumns(of.signature);
  const list = features.map(({ sql, name }) => `${sql} AS ${quoteIdentifier(name)}`).join(', ');
  const { condition, parameters } = selectRows(of);
  return {
    source: 'prediction_log',
    sql: `SELECT coalesce(event_time, received_at) AS event_time, prediction, ${list}
          FROM serving.prediction WHERE ${condition}`,
    parameters,
    columns: [
      { name: 'event_time', type: 'datetime', role: 'eventTime', nullable: false },
      { name: 'prediction', type: 'double', role: 'attribute', nullable: false },
      ...features.map(({ name, type }): RelationColumn => ({ name, type, role: 'feature', nullable: true })),
    ],
    watermark: {},
  };
}

/**
 * Predictions of a version or run whose label has arrived, joined by entity key and event time; a later label corrects
 * an earlier one.
 */
export function labelledPredictionRelation(of: PredictionsOf): Relation {
  const { condition, parameters } = selectRows(of);
  return {
    source: 'labelled_predictions',
    sql: `SELECT prediction.event_time, prediction.prediction, latest.label
          FROM serving.prediction AS prediction JOIN (
            SELECT DISTINCT ON (model, event_time, entity_key) model, event_time, entity_key, label
            FROM serving.label WHERE model = $1 ORDER BY model, event_time, entity_key, observed_at DESC) AS latest
            USING (model, event_time, entity_key)
          WHERE ${condition}`,
    parameters,
    columns: [
      { name: 'event_time', type: 'datetime', role: 'eventTime', nullable: false },
      { name: 'prediction', type: 'double', role: 'attribute', nullable: false },
      { name: 'label', type: 'double', role: 'target', nullable: false },
    ],
    watermark: {},
  };
}

function selectRows(of: PredictionsOf): { condition: string; parameters: string[] } {
  const [condition, id, role] =
    'version' in of
      ? ['version = $2', of.version, of.role ?? 'production']
      : ['version IS NULL AND run_id = $2', of.runId, of.role ?? 'candidate'];
  return { condition: `model = $1 AND ${condition} AND role = $3`, parameters: [of.model, id, role] };
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
