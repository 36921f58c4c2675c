import type { Relation } from '@slipway/contracts';
import { splitSchema } from '../src/index.ts';

export const split = splitSchema.parse({ kind: 'random', testShare: 0.25, seed: 7 });

/** Rows that a number decides, so that every round builds content of its own. */
export function relationOf(round: number, rows: number): Relation {
  return {
    source: 'made_up',
    sql: `SELECT n AS id, timestamptz '2026-01-01 00:00Z' + n * interval '1 minute' AS at, 'kind ' || n % 7 AS kind,
            n * 0.5 + $1 AS x, n * 2.0 AS y FROM generate_series(1, $2::int) AS n`,
    parameters: [round, rows],
    columns: [
      { name: 'id', type: 'long', role: 'entityKey', nullable: false },
      { name: 'at', type: 'datetime', role: 'eventTime', nullable: false },
      { name: 'kind', type: 'string', role: 'feature', nullable: false },
      { name: 'x', type: 'double', role: 'feature', nullable: false },
      { name: 'y', type: 'double', role: 'target', nullable: false },
    ],
    watermark: {},
  };
}
