import { describe, expect, it } from 'vitest';
import { renderMlmodel, type MlmodelOptions } from './render-mlmodel.ts';

const options: MlmodelOptions = {
  signature: {
    formatVersion: 1,
    inputs: [
      { name: 'temp', type: 'double', nullable: true },
      { name: 'hour', type: 'long', nullable: false },
      { name: 'bikes', type: 'long', nullable: true },
      { name: 'holiday', type: 'boolean', nullable: false },
      { name: 'at', type: 'datetime', nullable: false },
      { name: "d'été\u2028", type: 'string', nullable: true },
    ],
    output: { name: 'rentals', type: 'double' },
  },
  files: {
    model: 'model.json',
    onnx: 'model.onnx',
    inputExample: 'input_example.json',
    servingInputExample: 'serving_input_example.json',
    condaEnvironment: 'conda.yaml',
    pythonEnvironment: 'python_env.yaml',
  },
  modelId: 'm-00000000000000000000000000000001',
  runId: '12345678901234567890123456789012',
  createdAt: Date.UTC(2026, 10, 23, 9),
  sizeBytes: 12345,
  pythonVersion: '3.11.7',
  lineage: { artifactDigest: '1e5', gitCommit: '0123456', datasets: { train: '77' } },
};

/**
 * The form is what MLflow 3.17.2 writes for an ONNX model with a signature. That it reads ours is shown by
 * tools/integration/python-reads-our-models.test.ts.
 */
describe('renderMlmodel', () => {
  it('writes the flavors, the signature and the lineage, with texts in quotes', () => {
    expect(renderMlmodel(options)).toMatchInlineSnapshot(`
      "artifact_path: 'models:/m-00000000000000000000000000000001'
      flavors:
        onnx:
          code: null
          data: 'model.onnx'
          onnx_session_options:
            intra_op_num_threads: 1
          providers: ['CPUExecutionProvider']
        python_function:
          data: 'model.onnx'
          env:
            conda: 'conda.yaml'
            virtualenv: 'python_env.yaml'
          loader_module: 'mlflow.onnx'
          python_version: '3.11.7'
        slipway:
          data: 'model.json'
          schema: 1
      metadata:
        slipway:
          artifact_digest: '1e5'
          datasets:
            train: '77'
          git_commit: '0123456'
      mlflow_version: '3.17.2'
      model_id: 'm-00000000000000000000000000000001'
      model_size_bytes: 12345
      model_uuid: 'm-00000000000000000000000000000001'
      run_id: '12345678901234567890123456789012'
      saved_input_example_info:
        artifact_path: 'input_example.json'
        pandas_orient: 'split'
        serving_input_path: 'serving_input_example.json'
        type: 'dataframe'
      signature:
        inputs: '[{"type":"double","name":"temp","required":true},{"type":"long","name":"hour","required":true},{"type":"double","name":"bikes","required":true},{"type":"boolean","name":"holiday","required":true},{"type":"long","name":"at","required":true},{"type":"string","name":"d''\\u00e9t\\u00e9\\u2028","required":true}]'
        outputs: '[{"type":"double","name":"rentals","required":true}]'
      utc_time_created: '2026-11-23 09:00:00.000000'
      "
    `);
  });

  it('says when there is no git commit', () => {
    const lineage = { artifactDigest: 'd', gitCommit: null, datasets: {} };
    const text = renderMlmodel({ ...options, lineage });
    expect(text).toContain("    artifact_digest: 'd'\n    datasets: {}\n    git_commit: null\n");
  });
});
