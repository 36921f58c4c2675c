import { expect, it } from 'vitest';
import { readMlmodel } from './read-mlmodel.ts';

it('reads flavors, uuid and time as PyYAML writes them: lists unindented, long texts folded, numbers in quotes', () => {
  const text = [
    'artifact_path: model',
    'flavors:',
    '  onnx:',
    '    code: null',
    '    providers:',
    '    - CUDAExecutionProvider',
    '    - CPUExecutionProvider',
    '  python_function:',
    '    loader_module: mlflow.onnx',
    '    note: a text that is so long that it goes on',
    '      in the next line',
    "    python_version: '3.10'",
    'model_uuid: 5ab1c6bd',
    "utc_time_created: '2026-11-23 09:00:00.000000'",
  ].join('\n');
  expect(readMlmodel(text)).toEqual({
    flavors: {
      onnx: { code: null, providers: ['CUDAExecutionProvider', 'CPUExecutionProvider'] },
      python_function: {
        loader_module: 'mlflow.onnx',
        note: 'a text that is so long that it goes on in the next line',
        python_version: '3.10',
      },
    },
    uuid: '5ab1c6bd',
    createdAt: '2026-11-23 09:00:00.000000',
  });
});

it('reads JSON, which is YAML too', () => {
  expect(readMlmodel('{"flavors": {"onnx": {"data": "x"}}}').flavors).toEqual({ onnx: { data: 'x' } });
});

it.each(['', 'run_id: x', 'flavors:', '- flavors', '{"flavors": ', 'flavors: [onnx]', 'a: b: c'])(
  'finds no flavors in %j',
  (text) => {
    expect(readMlmodel(text)).toEqual({ flavors: {}, uuid: undefined, createdAt: undefined });
  },
);
