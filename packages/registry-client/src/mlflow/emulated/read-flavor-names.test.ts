import { expect, it } from 'vitest';
import { readFlavorNames } from './read-flavor-names.ts';

const names = (text: string): readonly string[] => readFlavorNames(new TextEncoder().encode(text));

it('reads the keys one level below flavors', () => {
  const text =
    "artifact_path: model\nflavors:\n  slipway: {schema: 1}\n  'onnx':\n    data: model.onnx\n    code: null\n" +
    '  python_function: {loader_module: mlflow.onnx}\nsignature:\n  inputs: x\n';
  expect(names(text)).toEqual(['slipway', 'onnx', 'python_function']);
});

it('reads JSON, which is YAML too, and nothing from other texts', () => {
  expect(names('{"flavors": {"onnx": {}}}')).toEqual(['onnx']);
  expect(names('{"flavors": ')).toEqual([]);
  expect(names('run_id: x')).toEqual([]);
  expect(names('flavors:\n')).toEqual([]);
});
