import { describe, expect, it } from 'vitest';
import { estimatorSchema } from '../estimator-schema.ts';
import { defaultSearchSpace } from './default-search-space.ts';
import { drawFrom, searchSpaceSchema, withOverrides } from './search-space.ts';

describe('the search space of a family', () => {
  it.each([
    { family: 'random-forest', seed: 1, params: { maxDepth: 3 } },
    { family: 'polynomial' },
    { family: 'robust-polynomial', seed: 1 },
  ])('has only configurations that are valid: %j', (estimator) => {
    const space = defaultSearchSpace(estimatorSchema.parse(estimator));
    expect(searchSpaceSchema.parse(space)).toEqual(space);
    for (const overrides of drawFrom(space, { trials: 60, seed: 1 })) {
      const drawn = withOverrides({ estimator: estimatorSchema.parse(estimator) }, overrides);
      expect(estimatorSchema.safeParse(drawn.estimator).error).toBeUndefined();
    }
  });

  it('is refused where there is no parameter', () => {
    expect(() => defaultSearchSpace({ family: 'linear' })).toThrow(
      /linear has no parameter .* space of your own/,
    );
  });
});
