import fc from 'fast-check';
import { expect, it } from 'vitest';
import { registryLimits as limits } from '../registry-limits.ts';
import { splitBatch } from './split-batch.ts';

const texts = (prefix: string, count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, `${index}`]));
const metrics = (count: number): { key: string; value: number; timestamp: number; step: number }[] =>
  Array.from({ length: count }, (_, step) => ({ key: 'loss', value: step, timestamp: 1, step }));

it('sends what fits in one request, and an empty batch too', () => {
  expect(splitBatch({})).toHaveLength(1);
  expect(splitBatch({ params: texts('p', 100), tags: texts('t', 100), metrics: metrics(800) })).toHaveLength(
    1,
  );
  expect(splitBatch({ params: texts('p', 100), tags: texts('t', 100), metrics: metrics(801) })).toHaveLength(
    3,
  );
});

it('loses nothing, keeps the order and every limit, for any sizes', () => {
  const size = fc.nat({ max: 2_500 });
  fc.assert(
    fc.property(size, size, size, (paramCount, tagCount, metricCount) => {
      const batch = {
        params: texts('p', paramCount),
        tags: texts('t', tagCount),
        metrics: metrics(metricCount),
      };
      const parts = splitBatch(batch);
      expect(Object.assign({}, ...parts.map(({ params }) => params))).toEqual(batch.params);
      expect(Object.assign({}, ...parts.map(({ tags }) => tags))).toEqual(batch.tags);
      expect(parts.flatMap((part) => part.metrics ?? [])).toEqual(batch.metrics);
      for (const part of parts) {
        const [params, tags] = [part.params ?? {}, part.tags ?? {}].map((each) => Object.keys(each).length);
        const count = part.metrics?.length ?? 0;
        expect(params).toBeLessThanOrEqual(limits.batchParams);
        expect(tags).toBeLessThanOrEqual(limits.batchTags);
        expect(count).toBeLessThanOrEqual(limits.batchMetrics);
        expect(params! + tags! + count).toBeLessThanOrEqual(limits.batchTotal);
      }
    }),
    { numRuns: 50 },
  );
});
