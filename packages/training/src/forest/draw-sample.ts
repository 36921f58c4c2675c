import { integer, MersenneTwister19937 } from 'random-js';
import type { RandomForest } from '../estimator-schema.ts';

/** What one tree learns from: rows and features, as indexes in the order they were drawn. */
export interface TreeSample {
  readonly rows: Int32Array;
  readonly features: readonly number[];
}

/** How samples are drawn, besides the seed. */
export interface SampleOptions {
  readonly params: Pick<RandomForest['params'], 'maxFeatures' | 'replacement' | 'useSampleBagging'>;
  readonly rowCount: number;
  readonly featureCount: number;
}

/**
 * Draws the sample of a tree from its seed, exactly as ml-random-forest 2.1.0 does: a Mersenne Twister for the rows seeds
 * the one for the features, which seeds the next tree's.
 */
export function drawSample(
  seed: number,
  { params, rowCount, featureCount }: SampleOptions,
): TreeSample & { readonly nextSeed: number } {
  const rows = new Int32Array(rowCount);
  let featureSeed = seed;
  if (params.useSampleBagging) {
    const engine = MersenneTwister19937.seed(seed);
    const draw = integer(0, rowCount - 1);
    for (let place = 0; place < rowCount; place += 1) rows[place] = draw(engine);
    featureSeed = engine.next();
  } else for (let row = 0; row < rowCount; row += 1) rows[row] = row;
  const engine = MersenneTwister19937.seed(featureSeed);
  const features = drawFeatures(engine, { ...params, featureCount });
  return { rows, features, nextSeed: engine.next() };
}

/** The seed of every tree. Each depends on the one before, so that trees can be grown in any order only after this. */
export function chainSeeds({ seed, params }: RandomForest, options: SampleOptions): Int32Array {
  let next = seed;
  return Int32Array.from({ length: params.nEstimators }, () => {
    const own = next;
    next = drawSample(own, options).nextSeed;
    return own;
  });
}

/** Features per tree: a share is rounded down. */
export function countFeatures(maxFeatures: number | undefined, featureCount: number): number {
  if (maxFeatures === undefined) return featureCount;
  return maxFeatures < 1 ? Math.floor(featureCount * maxFeatures) : maxFeatures;
}

function drawFeatures(
  engine: MersenneTwister19937,
  {
    maxFeatures,
    featureCount,
    replacement,
  }: { maxFeatures?: number | undefined; featureCount: number; replacement: boolean },
): number[] {
  const count = countFeatures(maxFeatures, featureCount);
  const draw = integer(0, featureCount - 1);
  if (replacement) return Array.from({ length: count }, () => draw(engine));
  const drawn = new Set([draw(engine)]);
  while (drawn.size < count) drawn.add(draw(engine));
  return [...drawn];
}
