import { batchFromRows, type ColumnBatch } from '@slipway/contracts';
import {
  predictModel,
  readArtifact,
  writeArtifact,
  type Artifact,
  type FittedForest,
  type FittedLinear,
} from '@slipway/models';
import { describe, expect, it } from 'vitest';
import { estimatorSchema, fitEstimator, trainModel, type TrainOptions } from './index.ts';

const rows = Array.from({ length: 60 }, (_, row) => ({
  size: 1 + (row % 12),
  grade: ['fair', 'good', 'ideal'][row % 3]!,
}));
const features: ColumnBatch = batchFromRows(rows, [
  { name: 'size', type: 'double' },
  { name: 'grade', type: 'string' },
]);
const gradeEffect = { fair: 0, good: 0.25, ideal: 0.5 } as Record<string, number>;
const target = Float64Array.from(rows, ({ size, grade }) =>
  Math.exp(1.5 * Math.log(size) + gradeEffect[grade]! + 2),
);

function options(change: Partial<TrainOptions> = {}): TrainOptions {
  return {
    preprocessing: [
      { step: 'log', columns: ['size'] },
      { step: 'oneHot', columns: ['grade'], dropFirst: true, unseen: 'refuse' },
    ],
    estimator: { family: 'linear' },
    targetTransform: 'log',
    features,
    target,
    targetName: 'price',
    ...change,
  };
}

const forest = estimatorSchema.parse({ family: 'random-forest', seed: 3, params: { nEstimators: 5 } });
const ordinal: TrainOptions['preprocessing'] = [
  { step: 'ordinal', columns: ['grade'], order: ['fair', 'good', 'ideal'], unseen: 'refuse' },
];

describe('trainModel', () => {
  it('finds the coefficients that made the data, and undoes the log of the target', async () => {
    const model = await trainModel(options());
    expect(model.estimator).toMatchObject({ family: 'linear' });
    const { intercept, coefficients } = model.estimator as FittedLinear;
    expect(intercept).toBeCloseTo(2, 9);
    expect(coefficients.map((value) => Number(value.toFixed(9)))).toEqual([1.5, 0.25, 0.5]);
    predictModel(model, features).forEach((value, row) => expect(value / target[row]!).toBeCloseTo(1, 9));
  });

  it('refuses columns that depend on each other, naming them', async () => {
    const preprocessing: TrainOptions['preprocessing'] = [
      { step: 'oneHot', columns: ['grade'], dropFirst: false, unseen: 'refuse' },
    ];
    const trained = trainModel(options({ preprocessing }));
    await expect(trained).rejects.toMatchObject({ code: 'fit_failed' });
    await expect(trained).rejects.toThrow(/the columns of "grade" depend on each other/);
  });

  it.each([
    ['a target without a value', { target: target.map((value, row) => (row === 3 ? NaN : value)) }],
    ['a target of another length', { target: target.slice(1) }],
    ['a target at 0 under log', { target: target.map((value, row) => (row === 3 ? 0 : value)) }],
  ])('refuses %s', async (_, change) => {
    await expect(trainModel(options(change))).rejects.toMatchObject({ code: 'fit_failed' });
  });

  it('gives the same artifact for the same options, another for another seed', async () => {
    const digestOf = async (seed: number): Promise<string> => {
      const estimator = { ...forest, seed } as TrainOptions['estimator'];
      const model = await trainModel(options({ estimator, preprocessing: ordinal, targetTransform: 'none' }));
      return writeArtifact(model, { inputExample: features }).digest;
    };
    expect(await digestOf(3)).toBe(await digestOf(3));
    expect(await digestOf(3)).not.toBe(await digestOf(4));
  });

  it('keeps its bytes until a fit version is raised', async () => {
    const linear = await trainModel(options({ estimator: { family: 'mean' } }));
    const trees = await trainModel(
      options({ estimator: forest, preprocessing: ordinal, targetTransform: 'none' }),
    );
    expect({
      mean: writeArtifact(linear, { inputExample: features }).digest,
      forest: writeArtifact(trees, { inputExample: features }).digest,
    }).toMatchInlineSnapshot(`
      {
        "forest": "753300f8ded39fc48f559b8231d199db504a6502c0b2cc9b897a10da4c9d7ce1",
        "mean": "16067369ac222f5ce77db32300c4573a86f97f81c19e025063885a8ff6351ed6",
      }
    `);
  });

  it('stores how the trees of a forest are combined', async () => {
    const params = { nEstimators: 6, selectionMethod: 'median' } as const;
    const estimator = estimatorSchema.parse({ family: 'random-forest', seed: 3, params });
    const model = await trainModel(options({ estimator, preprocessing: ordinal, targetTransform: 'none' }));
    const stored = readArtifact(writeArtifact(model, { inputExample: features }).files);
    expect(stored).toEqual(model);
    expect(stored.estimator).toHaveProperty('selectionMethod', 'median');
  });

  it('refuses an artifact of a newer fit version, and a manifest of another model', async () => {
    const model = await trainModel(options({ estimator: { family: 'mean' } }));
    const { files, manifest } = writeArtifact(model, { inputExample: features });
    const readWith = (change: object) => () =>
      readArtifact(
        files.map(({ path, content }) => ({
          path,
          content:
            path === 'manifest.json'
              ? new TextEncoder().encode(JSON.stringify({ ...manifest, ...change }))
              : content,
        })),
      );
    expect(readWith({})()).toEqual(model);
    expect(readWith({ fitVersions: { mean: 99 } })).toThrow(
      expect.objectContaining({
        code: 'format_unsupported',
        message: expect.stringMatching(/"mean".*fit version 1 to 1.*99.*Upgrade/s) as string,
      }),
    );
    expect(readWith({ fitVersions: { frost: 1 } })).toThrow(
      expect.objectContaining({ code: 'format_unsupported' }),
    );
    const { signature } = manifest;
    for (const change of [
      { family: 'linear' },
      { signature: { ...signature, output: { ...signature.output, name: 'z' } } },
    ])
      expect(readWith(change)).toThrow(
        expect.objectContaining({
          code: 'artifact_invalid',
          message: expect.stringMatching(/another model/) as string,
        }),
      );
  });

  it('predicts the same from the stored artifact, and refuses a damaged one', async () => {
    const model = await trainModel(
      options({ estimator: forest, preprocessing: ordinal, targetTransform: 'none' }),
    );
    const { files } = writeArtifact(model, { inputExample: features });
    expect(predictModel(readArtifact(files), features)).toEqual(predictModel(model, features));
    const damaged = files.map(({ path, content }) => {
      const copy = Uint8Array.from(content);
      if (path === 'forest.bin') copy[40]! ^= 1;
      return { path, content: copy };
    });
    expect(() => readArtifact(damaged)).toThrow(expect.objectContaining({ code: 'artifact_invalid' }));
    const lost = files.filter(({ path }) => path !== 'forest.bin');
    expect(() => readArtifact(lost)).toThrow(expect.objectContaining({ code: 'artifact_invalid' }));
  });

  it('refuses a manifest with a size that is not that of its file', async () => {
    const model = await trainModel(options({ estimator: { family: 'mean' } }));
    const { files, manifest } = writeArtifact(model, { inputExample: features });
    const resized = {
      ...manifest,
      files: manifest.files.map((file) => ({
        ...file,
        size: file.size + (file.path === 'model.onnx' ? 1 : 0),
      })),
    };
    const told = { path: 'manifest.json', content: new TextEncoder().encode(JSON.stringify(resized)) };
    const act = () => readArtifact([...files.filter(({ path }) => path !== told.path), told]);
    expect(act).toThrowError(/"model.onnx" of the model is damaged: expected \d+ bytes/);
    expect(act).toThrowError(expect.objectContaining({ code: 'artifact_invalid' }));
  });

  it('refuses a manifest that was replaced with its files, and files that no manifest lists', async () => {
    const train = (name: string) => trainModel(options({ estimator: { family: 'mean' }, targetName: name }));
    const [own, foreign] = [await train('y'), await train('z')].map((model) =>
      writeArtifact(model, { inputExample: features }),
    ) as [Artifact, Artifact];
    expect(readArtifact(own.files, { digest: own.digest })).toEqual(readArtifact(own.files));
    const refused = expect.objectContaining({ code: 'artifact_invalid' }) as Error;
    expect(() => readArtifact(foreign.files, { digest: own.digest })).toThrow(refused);
    const emptied = own.files.map(({ path, content }) => {
      if (path !== 'manifest.json') return { path, content };
      const manifest = JSON.parse(new TextDecoder().decode(content)) as object;
      return { path, content: new TextEncoder().encode(JSON.stringify({ ...manifest, files: [] })) };
    });
    expect(() => readArtifact(emptied)).toThrow(refused);
  });

  it('reads what the manifest names: no other file, and none that an older artifact did not have', async () => {
    const model = await trainModel(options({ estimator: { family: 'mean' } }));
    const { files, manifest } = writeArtifact(model, { inputExample: features });
    const other = { path: 'MLmodel', content: new TextEncoder().encode('flavors: {}') };
    expect(readArtifact([...files, other])).toEqual(model);
    const old = { ...manifest, files: manifest.files.filter(({ path }) => path === 'model.json') };
    const oldFiles = [
      ...files.filter(({ path }) => path === 'model.json'),
      { path: 'manifest.json', content: new TextEncoder().encode(JSON.stringify(old)) },
    ];
    expect(readArtifact(oldFiles)).toEqual(model);
    const lost = files.filter(({ path }) => path !== 'model.onnx');
    expect(() => readArtifact(lost)).toThrow(expect.objectContaining({ code: 'artifact_invalid' }));
  });

  it.each<[string, unknown, RegExp]>([
    [
      'a parameter out of range',
      { estimator: { family: 'random-forest', seed: 1, params: { nEstimators: -1 } } },
      /nEstimators/,
    ],
    ['an unknown family', { estimator: { family: 'nope' } }, /"estimator/],
    ['an unknown step', { preprocessing: [{ step: 'nope' }] }, /"preprocessing.0/],
    ['another transformation', { targetTransform: 'sqrt' }, /"targetTransform"/],
    ['nothing', { preprocessing: undefined, estimator: undefined }, /"preprocessing".*"estimator"/],
  ])('refuses a configuration that was not parsed, with %s', async (_, change, message) => {
    const act = trainModel(options(change as Partial<TrainOptions>));
    await expect(act).rejects.toMatchObject({
      code: 'configuration_invalid',
      message: expect.stringMatching(message) as string,
    });
  });

  it('fills in the defaults of a configuration that was not parsed', async () => {
    const raw = {
      preprocessing: [{ step: 'oneHot', columns: ['grade'] }],
      estimator: { family: 'random-forest', seed: 1 },
    };
    const { preprocessing, estimator } = await trainModel(options(raw as unknown as Partial<TrainOptions>));
    expect(preprocessing[0]).toMatchObject({ unseen: 'refuse' });
    expect((estimator as FittedForest).roots).toHaveLength(50);
  });

  it('refuses lists where it needs typed arrays, and columns of another length', async () => {
    const refused = { code: 'fit_failed', message: expect.stringContaining('a Float64Array') as string };
    await expect(trainModel(options({ target: [...target] as never }))).rejects.toMatchObject(refused);
    const [size] = features.columns;
    const listed = { rowCount: 60, columns: [{ ...size!, values: [...size!.values] as never }] };
    const alone = { preprocessing: [], features: listed as ColumnBatch };
    await expect(trainModel(options(alone))).rejects.toMatchObject(refused);
    const short = { rowCount: 60, names: ['x'], columns: [Float64Array.of(1, 2)] };
    await expect(fitEstimator(forest, { features: short, target })).rejects.toMatchObject({
      code: 'fit_failed',
      message: expect.stringContaining('"x" has another number of values') as string,
    });
  });
});
