import { batchFromRows } from '@slipway/contracts';
import { describe, expect, it } from 'vitest';
import { createBatchPredictor, predictModel, type FittedForest, type FittedModel } from '../index.ts';

/** Trees "x < threshold ? left : right", whose sums round. */
const forest: FittedForest = {
  family: 'random-forest',
  featureCount: 1,
  roots: Int32Array.of(0, 3, 6),
  feature: Int32Array.of(0, -1, -1, 0, -1, -1, 0, -1, -1),
  value: Float64Array.of(10, 0.1, 0.2, 500, 1 / 3, 7, 4_000, 1e-9, 1e9),
  right: Int32Array.of(2, -1, -1, 5, -1, -1, 8, -1, -1),
};
const model: FittedModel = {
  formatVersion: 1,
  signature: {
    formatVersion: 1,
    inputs: [{ name: 'x', type: 'double', nullable: false }],
    output: { name: 'y', type: 'double' },
  },
  preprocessing: [],
  estimator: forest,
  targetTransform: 'none',
};
const rowsOf = (count: number) =>
  batchFromRows(
    Array.from({ length: count }, (_, row) => ({ x: row })),
    model.signature.inputs,
  );

describe('createBatchPredictor', () => {
  it('predicts what predictModel does, with any number of threads, batch after batch', async () => {
    for (const workers of [1, 2, 3, NaN]) {
      const predictor = createBatchPredictor(model, { workers });
      for (const rows of [1, 2_001, 5_000, 0]) {
        const batch = rowsOf(rows);
        expect(await predictor.predict(batch)).toEqual(predictModel(model, batch));
      }
      await predictor.close();
    }
  });

  it('predicts the median of the trees, the lower of two in the middle', async () => {
    const median: FittedModel = { ...model, estimator: { ...forest, selectionMethod: 'median' } };
    const predictor = createBatchPredictor(median, { workers: 2 });
    const batch = rowsOf(5_000);
    const predicted = await predictor.predict(batch);
    expect(predicted).toEqual(predictModel(median, batch));
    // What the three trees say below 10, below 500, below 4,000 and beyond.
    expect([0, 10, 500, 4_000].map((row) => predicted[row])).toEqual([0.1, 0.2, 0.2, 7]);
    const two = { ...forest, selectionMethod: 'median', roots: forest.roots.subarray(0, 2) } as const;
    expect([...predictModel({ ...model, estimator: two }, rowsOf(2))]).toEqual([0.1, 0.1]);
    await predictor.close();
  });

  it('undoes the logarithm of the target', async () => {
    const logged: FittedModel = { ...model, estimator: { family: 'mean', mean: 2 }, targetTransform: 'log' };
    const predictor = createBatchPredictor(logged, { workers: 2 });
    expect(await predictor.predict(rowsOf(1))).toEqual(Float64Array.of(Math.exp(2)));
    await predictor.close();
  });

  it('refuses what is no batch, as predictModel does', async () => {
    const predictor = createBatchPredictor(model, { workers: 1 });
    const refused = { code: 'schema_mismatch', message: expect.stringMatching(/batchFromRows/) as string };
    for (const nothing of [null, undefined, [{ x: 1 }], { x: 1 }] as never[]) {
      expect(() => predictModel(model, nothing)).toThrowError(expect.objectContaining(refused));
      await expect(predictor.predict(nothing)).rejects.toMatchObject(refused);
    }
    await predictor.close();
  });

  it('throws as predictModel does, and goes on', async () => {
    const predictor = createBatchPredictor(model, { workers: 2 });
    const other = batchFromRows([{ z: 1 }], [{ name: 'z', type: 'double' }]);
    await expect(predictor.predict(other)).rejects.toMatchObject({ code: 'schema_mismatch' });
    const batch = rowsOf(3_000);
    expect(await predictor.predict(batch)).toEqual(predictModel(model, batch));
    await predictor.close();
  });

  it('keeps batches apart that are asked for at once', async () => {
    const predictor = createBatchPredictor(model, { workers: 2 });
    const batches = [rowsOf(9_000), rowsOf(3_000), rowsOf(5), rowsOf(6_000)];
    const predicted = await Promise.all(batches.map((batch) => predictor.predict(batch)));
    expect(predicted).toEqual(batches.map((batch) => predictModel(model, batch)));
    await predictor.close();
  });

  it('refuses features of another number, in threads too', async () => {
    const wide: FittedModel = { ...model, estimator: { ...forest, featureCount: 2 } };
    const predictor = createBatchPredictor(wide, { workers: 2 });
    await expect(predictor.predict(rowsOf(3_000))).rejects.toMatchObject({ code: 'schema_mismatch' });
    await predictor.close();
  });

  it('ends a batch when it is closed in the middle, and takes none after', async () => {
    const predictor = createBatchPredictor(model, { workers: 2 });
    await predictor.predict(rowsOf(3_000));
    const interrupted = predictor.predict(rowsOf(400_000));
    await new Promise((resolve) => setImmediate(resolve));
    await predictor.close();
    await expect(interrupted).rejects.toMatchObject({ code: 'aborted' });
    await expect(predictor.predict(rowsOf(3_000))).rejects.toMatchObject({ code: 'aborted' });
  });

  it('refuses a prediction that is not finite, by its row, as predictModel does', async () => {
    const steep: FittedModel = {
      ...model,
      estimator: { family: 'linear', intercept: 0, coefficients: [1] },
      targetTransform: 'log',
    };
    const predictor = createBatchPredictor(steep, { workers: 2 });
    const refused = { code: 'value_unsupported', message: expect.stringMatching(/^Row 710: /) as string };
    await expect(predictor.predict(rowsOf(800))).rejects.toMatchObject(refused);
    expect(() => predictModel(steep, rowsOf(800))).toThrow(expect.objectContaining(refused));
    await predictor.close();
  });
});
