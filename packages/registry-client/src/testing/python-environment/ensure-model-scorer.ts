import { ensurePythonEnvironment } from './ensure-python-environment.ts';

/** Returns a Python with what it takes to load a logged model and score rows with `mlflow.pyfunc`, from file or server. */
export function ensureModelScorer(cacheFolder?: string): Promise<string> {
  const requirements = [
    'mlflow-skinny==3.17.2',
    'numpy==2.4.6',
    'onnx==1.23.2',
    'onnxruntime==1.32.0',
    'pandas==2.3.3',
  ];
  return ensurePythonEnvironment({ name: 'model-scorer', requirements, cacheFolder });
}
