import { SlipwayError } from '@slipway/contracts';
import { importForest, type FeatureMatrix, type FittedForest, type LibraryForest } from '@slipway/models';
import { RandomForestRegression } from 'ml-random-forest';
import type { RandomForest } from '../estimator-schema.ts';

/**
 * The forest as ml-random-forest itself trains it: the oracle of ours. It can be neither followed nor stopped.
 * @throws SlipwayError `fit_failed` with what the library says
 */
export function fitReferenceForest(
  { seed, params }: RandomForest,
  { features, target }: { readonly features: FeatureMatrix; readonly target: Float64Array },
): FittedForest {
  const { minNumSamples, maxDepth = Infinity, gainThreshold = 0, maxFeatures = 1, ...rest } = params;
  const treeOptions = { minNumSamples, maxDepth, gainThreshold };
  const rows = Array.from({ length: features.rowCount }, (_, row) =>
    features.columns.map((column) => column[row]!),
  );
  try {
    // The library's out-of-bag predictions throw for a row that every tree has seen.
    const library = new RandomForestRegression({ ...rest, seed, maxFeatures, treeOptions, noOOB: true });
    library.train(rows, [...target]);
    return importForest(library.toJSON() as unknown as LibraryForest, {
      featureCount: features.columns.length,
    });
  } catch (cause) {
    throw new SlipwayError('fit_failed', {
      what: 'ml-random-forest could not train this forest',
      received: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}
