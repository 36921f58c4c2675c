import { SlipwayError } from '@slipway/contracts';
import { expectedFormats } from './cell-problem.ts';

/** One constraint that a batch violates, with what a person needs to find the rows. */
export interface Violation {
  readonly constraint: string;
  readonly count: number;
  /** Share of the batch, 0 to 1. */
  readonly share: number;
  /** Up to five row keys, or line numbers where a row has no key yet. */
  readonly sampleKeys: readonly string[];
}

/** How many keys a report shows for each constraint. */
export const sampleSize = 5;

export interface RefusedBatch {
  /** Name of the feature table. */
  readonly table: string;
  readonly source: string;
  /** Rows read, staged or not. */
  readonly rowCount: number;
  readonly violations: readonly Violation[];
}

/** The refusal of a whole batch. */
export function rejection({ table, source, rowCount, violations }: RefusedBatch): SlipwayError {
  const worst = violations.map(({ constraint, count }) => `${constraint} (${count})`).join(', ');
  const formats = expectedFormats(violations.map(({ constraint }) => constraint));
  return new SlipwayError('data_rejected', {
    what: `${source} was refused whole: ${rowCount} rows read, nothing was loaded into ${table}`,
    expected: ['rows that keep every constraint', ...formats].join('; '),
    received: `violations of ${worst}`,
    next: 'Correct the rows and load again',
    details: { table, rowCount, violations },
  });
}
