import type { ArtifactFolder } from './artifact-folder.ts';

/** Route of one file behind the tracking server. */
export function filePath(folder: ArtifactFolder, path: string): string {
  const parts = `${folder}/${path}`.split('/').map(encodeURIComponent);
  return `api/2.0/mlflow-artifacts/artifacts/${parts.join('/')}`;
}
