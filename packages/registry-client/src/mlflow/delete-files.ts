import type { ArtifactFolder } from './artifact-folder.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { filePath } from './file-path.ts';
import { listFiles } from './list-files.ts';
import { refusalError } from './refusal-error.ts';
import type { MlflowRequest } from './mlflow-request.ts';

/** Deletes every file below a folder, for good. Repeatable. */
export async function deleteFiles(transport: MlflowTransport, folder: ArtifactFolder): Promise<void> {
  for (const { path } of await listFiles(transport, folder)) {
    const request: MlflowRequest = {
      action: 'deleting a file',
      method: 'DELETE',
      path: filePath(folder, path),
      isRepeatable: true,
    };
    const answer = await transport.send(request);
    if (!answer.ok) throw refusalError(answer, { request, url: transport.url });
  }
}
