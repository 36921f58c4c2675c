import { SlipwayError } from '@slipway/contracts';
import type { ArtifactFolder } from './artifact-folder.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { filePath } from './file-path.ts';
import { findEntry } from './list-files.ts';
import { fileNotFound } from './not-found-errors.ts';

/**
 * Reads one file and checks its size. MLflow 2.x announces none, so there it is compared with the listing.
 * @param owner id of the run or model, for messages
 * @throws SlipwayError `file_not_found`, `artifact_invalid`, `registry_unavailable`
 */
export async function readFile(
  transport: MlflowTransport,
  { folder, path, owner }: { folder: ArtifactFolder; path: string; owner: string },
): Promise<Uint8Array> {
  const answer = await transport.send({
    action: 'reading a file',
    method: 'GET',
    path: filePath(folder, path),
    isPlainRoute: true,
    limit: 'file',
  });
  if (!answer.ok) {
    // 404, for a folder 400, and 500 in MLflow 2.x for both: the listing tells a missing file from a broken server.
    const entry = await findEntry(transport, folder, path);
    if (entry === undefined || entry.isFolder) throw fileNotFound(path, owner);
    throw new SlipwayError('registry_unavailable', {
      what: `The tracking server at ${transport.url} lists the file "${path}" of ${owner} and does not give it out`,
      received: `HTTP ${answer.status}`,
      next: 'Look at the log of the server; ask again later',
      isRetryable: true,
    });
  }
  const size = answer.contentLength ?? (await findEntry(transport, folder, path))?.size;
  if (size === undefined || size === answer.body.length) return answer.body;
  throw new SlipwayError('artifact_invalid', {
    what: `The file "${path}" of ${owner} did not come whole`,
    expected: `${size} bytes`,
    received: `${answer.body.length}`,
    isRetryable: true,
  });
}
