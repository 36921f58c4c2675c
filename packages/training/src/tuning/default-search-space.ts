import { SlipwayError } from '@slipway/contracts';
import type { Estimator } from '../estimator-schema.ts';
import type { SearchSpace } from './search-space.ts';

const degree = { from: 1, to: 8, scale: 'linear', integer: true } as const;

/** What decides how closely a model follows its rows, by family. Families that are left out have no parameter. */
const spaces: Partial<Record<Estimator['family'], SearchSpace>> = {
  'random-forest': {
    'estimator.params.maxDepth': [null, 6, 8, 10, 12, 14, 16, 20],
    'estimator.params.minNumSamples': [1, 2, 3, 5, 8, 13, 21],
    // Of a tree, not of a node: with few of them a tree lacks what the target depends on.
    'estimator.params.maxFeatures': [null, 0.7, 0.8, 0.9],
  },
  polynomial: { 'estimator.params.degree': degree },
  'robust-polynomial': { 'estimator.params.degree': degree },
};

/**
 * The space that a search takes when none is given.
 * @throws SlipwayError `parameter_invalid` for a family without parameters
 */
export function defaultSearchSpace({ family }: Estimator): SearchSpace {
  const space = spaces[family];
  if (space !== undefined) return space;
  throw new SlipwayError('parameter_invalid', {
    what: `The family ${family} has no parameter to search over`,
    expected: Object.keys(spaces).join(', '),
    next: 'Give a space of your own, over features or preprocessing',
  });
}
