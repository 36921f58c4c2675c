import { artifactFileNames } from './model-document.ts';

/** The Python that the artifact is tried with; MLflow warns a reader whose minor version differs. */
export const pythonVersion = '3.11.7';

/** What scoring the artifact in Python needs; `onnx` only for `mlflow.onnx.load_model`. */
const requirements = ['mlflow>=2.22', 'numpy>=1.26', 'onnx>=1.17', 'onnxruntime>=1.21', 'pandas<3'];

/**
 * `requirements.txt`, `conda.yaml` and `python_env.yaml`: how MLflow rebuilds an environment for the model.
 * Source: https://mlflow.org/docs/latest/ml/model/dependencies
 */
export function pythonFiles(): { path: string; content: Uint8Array }[] {
  const { requirements: requirementsFile, condaEnvironment, pythonEnvironment } = artifactFileNames;
  return [
    encodeLines(requirementsFile, requirements),
    encodeLines(condaEnvironment, [
      'name: mlflow-env',
      'channels:',
      '- conda-forge',
      'dependencies:',
      `- python=${pythonVersion}`,
      '- pip',
      '- pip:',
      ...requirements.map((requirement) => `  - '${requirement}'`),
    ]),
    encodeLines(pythonEnvironment, [
      `python: '${pythonVersion}'`,
      'build_dependencies:',
      '- pip',
      'dependencies:',
      `- -r ${requirementsFile}`,
    ]),
  ];
}

function encodeLines(path: string, lines: readonly string[]): { path: string; content: Uint8Array } {
  return { path, content: new TextEncoder().encode(`${lines.join('\n')}\n`) };
}
