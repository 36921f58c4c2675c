import type { InspectedDataset } from '@slipway/deployment';
import { expect, it } from 'vitest';
import { describeDataset } from './describe-dataset.ts';

const swept = (recipe: object, unrepeatable: string | null = null): InspectedDataset =>
  ({
    dataset: {
      ref: { table: 'bikes_1', schema: 'training', digest: 'a1', rowCount: 3, columns: [] },
      recipe,
      createdAt: new Date(0),
      askedAt: new Date(0),
      bytes: null,
      swept: { at: new Date(0), by: 'ada', why: 'no version that is kept was made from it' },
      unrepeatable,
      uses: [],
      origins: [],
    },
    window: null,
    loads: [],
    usedBy: [],
    decision: null,
  }) as unknown as InspectedDataset;

const rows = {
  relation: { source: 'bikes', columns: [], watermark: {} },
  split: { kind: 'random', testShare: 0.3, seed: 1 },
  side: 'train',
};
const safetyOf = (inspected: InspectedDataset): string | undefined =>
  new Map(describeDataset(inspected)).get('safe to drop');

it('says of a swept dataset what brings it back: only its model, if it holds predictions', () => {
  expect(safetyOf(swept(rows))).toBe('it is swept; its recipe builds it again while the source stays');
  expect(safetyOf(swept({ model: 'bikes', testDigest: 'b2' }))).toBe(
    'it is swept; its model predicts it again',
  );
  expect(safetyOf(swept(rows, 'rows were erased'))).toBe('it is gone for good: rows were erased');
});
