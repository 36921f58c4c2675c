import { integer, MersenneTwister19937 } from 'random-js';
import type { RandomForest } from '../estimator-schema.ts';

/** What one tree learns from: rows and features, as indexes in the order they were drawn. */
export interface TreeSample {
  readonly rows: Int32Array;
  readonly features: readonly number[];
}

/**
 * Draws the samples of all trees from one seed, exactly as ml-random-forest 2.1.0 does: a Mersenne Twister for the rows
 * seeds the one for the features, which seeds the next tree's.
 */
export function drawSamples(
  { seed, params }: RandomForest,
  rowCount: number,
  featureCount: number,
): TreeSample[] {
  const featuresPerTree = countFeatures(params.maxFeatures, featureCount);
  let next = seed;
  return Array.from({ length: params.nEstimators }, () => {
    let rows = Int32Array.from({ length: rowCount }, (_, row) => row);
    if (params.useSampleBagging) {
      const engine = MersenneTwister19937.seed(next);
      const draw = integer(0, rowCount - 1);
      rows = rows.map(() => draw(engine));
      next = engine.next();
    }
    const engine = MersenneTwister19937.seed(next);
    const features = drawFeatures(engine, { count: featuresPerTree, featureCount, ...params });
    next = engine.next();
    return { rows, features };
  });
}

/** Features per tree: a share is rounded down. */
export function countFeatures(maxFeatures: number | undefined, featureCount: number): number {
  if (maxFeatures === undefined) return featureCount;
  return maxFeatures < 1 ? Math.floor(featureCount * maxFeatures) : maxFeatures;
}

function drawFeatures(
  engine: MersenneTwister19937,
  { count, featureCount, replacement }: { count: number; featureCount: number; replacement: boolean },
): number[] {
  const draw = integer(0, featureCount - 1);
  if (replacement) return Array.from({ length: count }, () => draw(engine));
  const drawn = new Set([draw(engine)]);
  while (drawn.size < count) drawn.add(draw(engine));
  return [...drawn];
}
