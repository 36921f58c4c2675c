import { describe, expect, it } from 'vitest';
import { toArtifactFolder } from './artifact-folder.ts';

const server = 'http://mlflow:5000/prefix';

describe('toArtifactFolder', () => {
  it.each([
    ['mlflow-artifacts:/1/r/artifacts', '1/r/artifacts'],
    ['mlflow-artifacts:///1/r/artifacts/', '1/r/artifacts'],
    ['mlflow-artifacts://mlflow:5000/1/r/artifacts', '1/r/artifacts'],
    [`${server}/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts`, '1/r/artifacts'],
  ])('%s', (uri, folder) => {
    expect(toArtifactFolder(uri, server)).toBe(folder);
  });

  // Another host would get our credentials.
  it.each([
    's3://bucket/x',
    '/mlruns/1/r/artifacts',
    'mlflow-artifacts://other:5000/1/r',
    'http://other/1/r',
  ])('refuses %s', (uri) => {
    const refused = expect.objectContaining({ code: 'registry_rejected' }) as Error;
    expect(() => toArtifactFolder(uri, server)).toThrow(refused);
  });
});
