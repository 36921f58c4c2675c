import { expect, it } from 'vitest';
import { modelIdOfSource } from './model-id-of-source.ts';

const run = 'a'.repeat(32);
const model = `m-${'b'.repeat(32)}`;

it.each([
  [`models:/${model}`, model],
  [`mlflow-artifacts:/1/models/${model}/artifacts`, model],
  [`s3://bucket/prefix/1/models/${model}/artifacts/`, model],
  [`mlflow-artifacts:/1/${run}/artifacts/model`, `m-${run}`],
  [`mlflow-artifacts:/1/${'c'.repeat(32)}/artifacts/model`, null],
  [`mlflow-artifacts:/1/${run}/artifacts/other`, null],
  ['models:/demand/3', null],
  ['s3://bucket/model', null],
  ['', null],
])('%s', (source, expected) => {
  expect(modelIdOfSource(source, run)).toBe(expected);
});
