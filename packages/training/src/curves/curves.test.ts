import { batchFromRows, canonicalJson, type SlipwayError } from '@slipway/contracts';
import {
  predictModel,
  readArtifact,
  writeArtifact,
  type FittedModel,
  type FittedPolynomial,
} from '@slipway/models';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimatorSchema, fitEstimator, trainModel } from '../index.ts';

const families: Record<string, object> = {
  exponential: { family: 'exponential' },
  polynomial: { family: 'polynomial', params: { degree: 3 } },
  power: { family: 'power' },
  'robust-polynomial': { family: 'robust-polynomial', seed: 5, params: { degree: 1, draws: 40 } },
  'theil-sen': { family: 'theil-sen', seed: 5 },
};

function batchOf(x: readonly number[]) {
  return batchFromRows(
    x.map((value) => ({ x: value })),
    [{ name: 'x', type: 'double' }],
  );
}

function train(estimator: object, x: readonly number[], y: readonly number[]): Promise<FittedModel> {
  return trainModel({
    preprocessing: [],
    estimator: estimatorSchema.parse(estimator),
    features: batchOf(x),
    target: Float64Array.from(y),
    targetName: 'y',
  });
}

async function expectClose(estimator: object, f: (x: number) => number, x: readonly number[]): Promise<void> {
  const model = await train(estimator, x, x.map(f));
  predictModel(model, batchOf(x)).forEach((value, row) => expect(value / f(x[row]!)).toBeCloseTo(1, 9));
}

const range = (from: number, count: number, step: number): number[] =>
  Array.from({ length: count }, (_, place) => from + place * step);

describe('families of one column', () => {
  it('find the curve that made the data', async () => {
    await expectClose(
      families['polynomial']!,
      (x) => 1 - 3 * x + 0.5 * x * x + 2 * x ** 3,
      range(-4, 30, 0.3),
    );
    await expectClose(
      { family: 'polynomial', params: { degree: 8 } },
      (x) => (x - 1e6) ** 2 + 1,
      range(1e6, 40, 0.25),
    );
    await expectClose(families['power']!, (x) => 3 * x ** -1.7, range(0.5, 30, 0.3));
    await expectClose(families['exponential']!, (x) => 0.2 * Math.exp(-0.4 * x), range(-5, 30, 0.3));
    await expectClose(families['theil-sen']!, (x) => 7 - 2 * x, range(4, 30, 0.3));
    await expectClose(families['robust-polynomial']!, (x) => 7 - 2 * x, range(4, 30, 0.3));
  });

  it('that are robust do not mind four wild rows of ten', async () => {
    const x = range(0, 50, 1);
    const wild = x.map((value) => (value % 5 < 2 ? 1e4 * (value + 1) : 3 + 2 * value));
    const robust = await train(families['robust-polynomial']!, x, wild);
    expect(predictModel(robust, batchOf([10, 20]))[0]).toBeCloseTo(23, 6);
    const some = x.map((value) => (value % 5 < 1 ? 1e4 : 3 + 2 * value));
    const line = await train(families['theil-sen']!, x, some);
    expect((line.estimator as { slope: number }).slope).toBeCloseTo(2, 6);
  });

  it('theil-sen is that of scipy, and near it when pairs are drawn', async () => {
    const x = [1, 2, 2, 4, 5, 7, 8.5, 9];
    const y = [2, 3.5, 3, 9, 8, 15, 30, 18];
    // scipy.stats.theilslopes(y, x, method='joint')
    const exact = await train(families['theil-sen']!, x, y);
    expect(exact.estimator).toEqual({
      family: 'theil-sen',
      slope: 2.1666666666666665,
      intercept: -0.4999999999999998,
    });
    const drawn = await train({ family: 'theil-sen', seed: 3, params: { maxPairs: 20 } }, x, y);
    expect((drawn.estimator as { slope: number }).slope).toBeGreaterThan(1);
  });

  it.each(Object.entries(families))(
    '%s: same rows, same bytes; the stored model predicts the same',
    async (_, estimator) => {
      const row = fc.record({
        x: fc.double({ min: 0.01, max: 100, noNaN: true }),
        y: fc.double({ min: 0.01, max: 1e4, noNaN: true }),
      });
      const rows = fc.uniqueArray(row, { minLength: 4, maxLength: 20, selector: ({ x }) => x });
      await fc.assert(
        fc.asyncProperty(rows, async (data) => {
          const [x, y] = [data.map((cell) => cell.x), data.map((cell) => cell.y)];
          const fit = (): Promise<FittedModel | string> =>
            train(estimator, x, y).catch((error: unknown) => (error as SlipwayError).code);
          const [one, other] = [await fit(), await fit()];
          expect(canonicalJson(one)).toBe(canonicalJson(other));
          if (typeof one === 'string') {
            expect(one).toBe('fit_failed');
            return;
          }
          const { files } = writeArtifact(one, { inputExample: batchOf(x.slice(0, 1)) });
          const together = predictModel(one, batchOf(x));
          expect(predictModel(readArtifact(files), batchOf(x))).toEqual(together);
          expect(x.map((value) => predictModel(one, batchOf([value]))[0])).toEqual([...together]);
        }),
        { numRuns: 30, seed: 7 },
      );
    },
  );

  it.each(Object.entries(families))('%s refuses what it cannot fit', async (name, estimator) => {
    await expect(train(estimator, [2, 2, 2, 2], [1, 2, 3, 4])).rejects.toMatchObject({ code: 'fit_failed' });
    await expect(train(estimator, [2], [1])).rejects.toMatchObject({ code: 'fit_failed' });
    await expect(train(estimator, [], [])).rejects.toMatchObject({ code: 'fit_failed' });
    const two = trainModel({
      preprocessing: [],
      estimator: estimatorSchema.parse(estimator),
      features: batchFromRows(
        [{ a: 1, b: 2 }],
        [
          { name: 'a', type: 'double' },
          { name: 'b', type: 'double' },
        ],
      ),
      target: Float64Array.of(1),
      targetName: 'y',
    });
    await expect(two).rejects.toMatchObject({ code: 'parameter_invalid' });
    await expect(two).rejects.toThrow(
      new RegExp(`"${name}" fits a curve of one column: received 2 .*"a", "b"`),
    );
  });

  it('refuse what has no logarithm, and too few values for a degree', async () => {
    await expect(train(families['power']!, [1, 0], [1, 2])).rejects.toThrow(
      /column "x" of row 1 is not above 0/,
    );
    await expect(train(families['exponential']!, [1, 2], [1, 0])).rejects.toThrow(
      /target of row 1 is not above 0/,
    );
    await expect(train(families['polynomial']!, [1, 2, 3, 3], [1, 2, 3, 4])).rejects.toThrow(
      /at least 4 different values, received 3/,
    );
    const model = await train(families['power']!, [1, 2, 3], [1, 2, 3]);
    expect(() => predictModel(model, batchOf([1, -1]))).toThrow(/"x", row 1: a power needs a value above 0/);
  });

  it('tell a one-hot column without its category', async () => {
    const texts = ['p@x.org', 'q@x.org', 'q@x.org', 'p@x.org'];
    const mails = (values: readonly string[]) =>
      batchFromRows(
        values.map((mail) => ({ mail })),
        [{ name: 'mail', type: 'string' }],
      );
    const fit = (estimator: unknown, values = texts): Promise<FittedModel> =>
      trainModel({
        preprocessing: [{ step: 'oneHot', columns: ['mail'], dropFirst: true, unseen: 'refuse' }],
        estimator: estimatorSchema.parse(estimator),
        features: mails(values),
        target: Float64Array.of(1, 2, 3, 4),
        targetName: 'y',
      });
    for (const estimator of [
      { family: 'power' },
      { family: 'polynomial' },
      { family: 'robust-polynomial', seed: 1 },
    ])
      await expect(fit(estimator)).rejects.toThrow(/^(?!.*x\.org).*column "mail"/);
    const line = await fit({ family: 'theil-sen', seed: 1 });
    const power: FittedModel = { ...line, estimator: { family: 'power', factor: 1, exponent: 1 } };
    expect(() => predictModel(power, mails(['p@x.org']))).toThrow(/^(?!.*x\.org)Column "mail", row 0/);
  });

  it.each([
    [{ family: 'polynomial', params: { degree: 0 } }],
    [{ family: 'polynomial', params: { degree: 13 } }],
    [{ family: 'robust-polynomial' }],
    [{ family: 'theil-sen', seed: 1, params: { maxPairs: 1e9 } }],
    [{ family: 'power', params: {} }],
  ])('%j is refused', (estimator) => {
    expect(estimatorSchema.safeParse(estimator).success).toBe(false);
  });

  it('refuse values that lie too near to each other for a degree', async () => {
    for (const x of [
      [0, 1e-20, 1],
      [0, 1e-20, 1, 1],
    ])
      await expect(train({ family: 'polynomial', params: { degree: 2 } }, x, x)).rejects.toMatchObject({
        code: 'fit_failed',
      });
  });

  it('robust-polynomial ends in the middle when its caller does, and where nearly all rows are one', async () => {
    const x = range(0, 2_000, 1).map((value) => (value < 1_998 ? 0 : value));
    const rows = { features: { rowCount: 2_000, names: ['x'], columns: [Float64Array.from(x)] } };
    const robust = estimatorSchema.parse({
      family: 'robust-polynomial',
      seed: 5,
      params: { degree: 2, draws: 20 },
    });
    const data = { ...rows, target: Float64Array.from(x) };
    // Three different values come together in few draws.
    expect(await fitEstimator(robust, data).catch(({ code }: SlipwayError) => code)).toBeDefined();
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    await expect(fitEstimator(robust, data, { signal: stop.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
  });

  it('a constant target is a flat curve', async () => {
    for (const estimator of Object.values(families)) {
      const model = await train(estimator, range(1, 12, 1), Array<number>(12).fill(5));
      predictModel(model, batchOf([3, 8])).forEach((value) => expect(value).toBeCloseTo(5, 9));
    }
  });

  it('keep their bytes until a fit version is raised', async () => {
    const x = range(0.5, 12, 0.5);
    const y = x.map((value) => 1 + value + (value % 1.5));
    const digests: Record<string, string> = {};
    for (const [name, estimator] of Object.entries(families)) {
      const { estimator: fitted } = await train(estimator, x, y);
      digests[name] = canonicalJson(fitted);
      const [first = NaN] = (fitted as FittedPolynomial).coefficients ?? [0];
      expect(first).not.toBeNaN();
    }
    expect(digests).toMatchInlineSnapshot(`
      {
        "exponential": "{"factor":2.1250677931608433,"family":"exponential","rate":0.2242077254747786}",
        "polynomial": "{"centre":3.25,"coefficients":[4.767857142857142,2.9455128205128234,-0.04532967032967162,-0.3878205128205137],"family":"polynomial","spread":2.75}",
        "power": "{"exponent":0.5345424764925066,"factor":2.6186550027651747,"family":"power"}",
        "robust-polynomial": "{"centre":3.25,"coefficients":[4.8,2.2],"family":"robust-polynomial","spread":2.75}",
        "theil-sen": "{"family":"theil-sen","intercept":1.5,"slope":1}",
      }
    `);
  });
});
