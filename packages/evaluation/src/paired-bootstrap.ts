import { SlipwayError } from '@slipway/contracts';
import { integer, MersenneTwister19937 } from 'random-js';

export interface PairedBootstrapOptions {
  /** Loss of each row under the candidate, and under the champion: the same rows in the same order. */
  readonly candidate: Float64Array;
  readonly champion: Float64Array;
  /** Block number of each row, from 0; rows of a block are drawn together. Left out, every row is a block. */
  readonly blocks?: Int32Array;
  /** The candidate counts as better when its mean loss is below this multiple of the champion's. @default 1 */
  readonly tolerance?: number;
  readonly resamples: number;
  readonly seed: number;
}

/**
 * Confidence that the candidate is better: the share of resamples, drawn with replacement from the blocks, in which its
 * total loss is the smaller one (Efron's bootstrap, paired and clustered).
 * @returns 0 to 1
 * @throws SlipwayError `sample_invalid` when empty or of unequal length
 */
export function pairedBootstrap(options: PairedBootstrapOptions): number {
  const { candidate, champion, blocks, tolerance = 1, resamples, seed } = options;
  if (candidate.length === 0 || candidate.length !== champion.length) {
    throw new SlipwayError('sample_invalid', {
      what: 'Two samples cannot be paired',
      expected: 'equally many losses, at least one',
      received: `${candidate.length} and ${champion.length}`,
    });
  }
  const differences = blockTotals(
    candidate.map((loss, row) => loss - tolerance * champion[row]!),
    blocks,
  );
  const engine = MersenneTwister19937.seed(seed);
  const draw = integer(0, differences.length - 1);
  let better = 0;
  for (let resample = 0; resample < resamples; resample += 1) {
    let total = 0;
    for (let drawn = 0; drawn < differences.length; drawn += 1) total += differences[draw(engine)]!;
    if (total < 0) better += 1;
  }
  return better / resamples;
}

/** Sums per block; without blocks, the values themselves. */
function blockTotals(values: Float64Array, blocks: Int32Array | undefined): Float64Array {
  if (blocks === undefined) return values;
  const totals = new Float64Array(blocks.reduce((greatest, block) => Math.max(greatest, block), 0) + 1);
  values.forEach((value, row) => {
    totals[blocks[row]!]! += value;
  });
  return totals;
}
