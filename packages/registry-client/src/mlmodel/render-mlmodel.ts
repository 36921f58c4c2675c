import type { ModelSignature } from '@slipway/contracts';
import { mlflowSchemaOf } from './mlflow-schema.ts';
import { renderYaml } from './render-yaml.ts';

/** Paths inside the model's directory. */
export interface MlmodelFiles {
  /** The model as this program reads it. */
  readonly model: string;
  /** The model as Python reads it. */
  readonly onnx: string;
  readonly inputExample: string;
  readonly servingInputExample: string;
  readonly condaEnvironment: string;
  readonly pythonEnvironment: string;
}

export interface MlmodelOptions {
  readonly signature: ModelSignature;
  readonly files: MlmodelFiles;
  readonly modelId: string;
  readonly runId: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly createdAt: number;
  /** Of all files together. */
  readonly sizeBytes: number;
  /** The Python it was tried with, such as 3.11.7. */
  readonly pythonVersion: string;
  /** Where it comes from: kept under `metadata.slipway`, which MLflow carries along unread. */
  readonly lineage: {
    readonly artifactDigest: string;
    readonly gitCommit: string | null;
    /** Digests of the tables it was trained and tested on, by role. */
    readonly datasets: Readonly<Record<string, string>>;
  };
}

/** The MLflow whose reader the file was checked with. */
const mlflowVersion = '3.17.2';

/**
 * The file `MLmodel` that makes a directory an MLflow model: flavors `onnx` and `python_function` for Python, `slipway` for
 * this program. Sessions have one thread, so that trees are summed in order and Python's doubles are ours.
 * Source: https://mlflow.org/docs/latest/ml/model/#storage-format
 */
export function renderMlmodel(options: MlmodelOptions): string {
  const { signature, files, modelId, runId, createdAt, sizeBytes, pythonVersion, lineage } = options;
  const { artifactDigest, gitCommit, datasets } = lineage;
  return renderYaml({
    artifact_path: `models:/${modelId}`,
    flavors: {
      onnx: {
        code: null,
        data: files.onnx,
        onnx_session_options: { intra_op_num_threads: 1 },
        providers: ['CPUExecutionProvider'],
      },
      python_function: {
        data: files.onnx,
        env: { conda: files.condaEnvironment, virtualenv: files.pythonEnvironment },
        loader_module: 'mlflow.onnx',
        python_version: pythonVersion,
      },
      slipway: { data: files.model, schema: 1 },
    },
    metadata: { slipway: { artifact_digest: artifactDigest, datasets, git_commit: gitCommit } },
    mlflow_version: mlflowVersion,
    model_id: modelId,
    model_size_bytes: sizeBytes,
    model_uuid: modelId,
    run_id: runId,
    saved_input_example_info: {
      artifact_path: files.inputExample,
      pandas_orient: 'split',
      serving_input_path: files.servingInputExample,
      type: 'dataframe',
    },
    signature: mlflowSchemaOf(signature),
    utc_time_created: utcTimeOf(createdAt),
  });
}

/** As MLflow writes it: `2026-11-23 09:00:00.000000`. */
function utcTimeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '000');
}
