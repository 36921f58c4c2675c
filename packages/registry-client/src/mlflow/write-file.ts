import { SlipwayError } from '@slipway/contracts';
import type { ArtifactFolder } from './artifact-folder.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { filePath } from './file-path.ts';
import { findEntry } from './list-files.ts';
import { refusalError } from './refusal-error.ts';
import type { MlflowRequest } from './mlflow-request.ts';

/** Bytes up to which a written file is read back whole; of a larger one the size is compared. */
const readBackLimit = 1_048_576;
const attempts = 3;

/**
 * Writes one file and looks at what the server has kept: MLflow 2.x leaves a truncated file under its final name when a
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
  };
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const answer = await transport.send({ ...request, isFileRoute: true });
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
  if (content.length > readBackLimit) {
    return (await findEntry(transport, folder, path))?.size === content.length;
  }
  const answer = await transport.send({
    action: 'reading a written file back',
    method: 'GET',
    path: filePath(folder, path),
    isFileRoute: true,
  });
  return answer.ok && Buffer.compare(answer.body, content) === 0;
}
