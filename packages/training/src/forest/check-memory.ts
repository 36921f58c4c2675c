import { SlipwayError } from '@slipway/contracts';
import type { RandomForest } from '../estimator-schema.ts';

interface ForestSize {
  readonly params: Pick<RandomForest['params'], 'nEstimators' | 'maxDepth' | 'useSampleBagging'>;
  readonly rowCount: number;
  readonly featureCount: number;
  readonly workers: number;
}

/** Of a node: feature, threshold, right child. They lie in the trees and in the forest put together from them. */
const nodeBytes = 2 * 16;

/**
 * Bytes that growing a forest takes at most, about: values and ranks of all rows, a copy of a tree's rows in every thread, and
 * the nodes of trees that are grown until no row is left to tell apart.
 */
export function estimateForestBytes({ params, rowCount, featureCount, workers }: ForestSize): number {
  const { nEstimators, maxDepth = Infinity, useSampleBagging } = params;
  // Of the rows drawn with replacement, 1 - 1/e are different.
  const distinctRows = rowCount * (useSampleBagging ? 1 - 1 / Math.E : 1);
  const shared = rowCount * (featureCount * 12 + 8);
  const perThread = distinctRows * featureCount * 12 + rowCount * 40;
  const nodes = nEstimators * 2 * Math.min(distinctRows, 2 ** maxDepth);
  return shared + (workers > 1 ? workers : 1) * perThread + nodes * nodeBytes;
}

/** @throws SlipwayError `parameter_invalid` when a forest may take more memory than there is */
export function checkMemory(size: ForestSize, memoryBytes: number): void {
  const needed = estimateForestBytes(size);
  if (needed <= memoryBytes) return;
  const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(2)} GiB`;
  throw new SlipwayError('parameter_invalid', {
    what: `A forest of ${size.params.nEstimators} trees on ${size.rowCount} rows may not fit into memory`,
    expected: `at most ${gibibytes(memoryBytes)}`,
    received: `an estimate of ${gibibytes(needed)}`,
    next: 'Lower "nEstimators" or "maxDepth", or train on fewer rows',
    details: { neededBytes: Math.round(needed), memoryBytes },
  });
}
