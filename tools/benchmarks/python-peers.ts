import { ensurePythonEnvironment } from '@slipway/registry-client/testing';

/** A Python with the peers that benchmarks measure beside; installed once, outside the project. */
export function ensurePythonPeers(): Promise<string> {
  const requirements = ['numpy==2.4.6', 'onnxruntime==1.32.0', 'scikit-learn==1.9.1'];
  return ensurePythonEnvironment({ name: 'benchmark-peers', requirements });
}
