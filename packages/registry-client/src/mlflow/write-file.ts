import { createHash } from 'node:crypto';
import { SlipwayError } from '@slipway/contracts';
import type { ArtifactFolder } from './artifact-folder.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { filePath } from './file-path.ts';
import { refusalError } from './refusal-error.ts';
import type { MlflowRequest } from './mlflow-request.ts';

const attempts = 3;

/**
 * Writes one file, reads it back and compares the sha256: MLflow 2.x leaves a truncated file under its final name when a
 * connection is cut. What differs is written again.
 * @param owner id of the run or model, for messages
 * @throws SlipwayError `artifact_invalid` when the server keeps something else
 */
export async function writeFile(
  transport: MlflowTransport,
  file: { folder: ArtifactFolder; path: string; content: Uint8Array; owner: string },
): Promise<void> {
  const { folder, path, content, owner } = file;
  const request: MlflowRequest = {
    action: 'writing a file',
    method: 'PUT',
    path: filePath(folder, path),
    content,
    isRepeatable: true,
    isPlainRoute: true,
    limit: 'file',
  };
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const answer = await transport.send(request);
    if (!answer.ok) throw refusalError(answer, { request, url: transport.url });
    if (await isKept(transport, file)) return;
  }
  throw new SlipwayError('artifact_invalid', {
    what: `The tracking server at ${transport.url} does not keep the file "${path}" of ${owner} as it was sent`,
    expected: `${content.length} bytes`,
    received: 'other content, three times',
    next: 'Look at the storage of the server: it may be full',
  });
}

async function isKept(
  transport: MlflowTransport,
  { folder, path, content }: { folder: ArtifactFolder; path: string; content: Uint8Array },
): Promise<boolean> {
  const answer = await transport.send({
    action: 'reading a written file back',
    method: 'GET',
    path: filePath(folder, path),
    isPlainRoute: true,
    limit: 'file',
    bodyAs: 'sha256',
  });
  return answer.ok && createHash('sha256').update(content).digest().equals(answer.body);
}
