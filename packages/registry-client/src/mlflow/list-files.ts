import { z } from 'zod';
import type { ArtifactEntry } from '../artifact-entry.ts';
import type { ArtifactFolder } from './artifact-folder.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { sendForJson } from './read-body.ts';
import { wireInteger, wireList } from './wire/wire-values.ts';

const schema = z.object({
  files: wireList(
    z.object({ path: z.string(), is_dir: z.boolean().nullish(), file_size: wireInteger.nullish() }),
  ),
  next_page_token: z.string().nullish(),
});

/** What lies directly in a folder: names, not paths. Empty for a folder that does not exist. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
  /** Bytes. */
  readonly size: number;
}

export async function listFolder(
  transport: MlflowTransport,
  folder: ArtifactFolder,
): Promise<readonly FolderEntry[]> {
  const entries = new Map<string, FolderEntry>();
  let token: string | undefined;
  do {
    const page = await sendForJson(
      transport,
      {
        action: 'listing files',
        method: 'GET',
        path: 'api/2.0/mlflow-artifacts/artifacts',
        query: { path: folder, page_token: token },
      },
      schema,
    );
    for (const { path, is_dir: isFolder, file_size: size } of page.files) {
      // A size of 0 is left out.
      entries.set(path, { name: path, isFolder: isFolder ?? false, size: size ?? 0 });
    }
    token = page.next_page_token === token ? undefined : page.next_page_token || undefined;
  } while (token !== undefined);
  return [...entries.values()];
}

/** Every file below a folder at all depths, paths from that folder, sorted. */
export async function listFiles(
  transport: MlflowTransport,
  folder: ArtifactFolder,
  prefix = '',
): Promise<readonly ArtifactEntry[]> {
  const files = await listBelow(transport, folder, prefix);
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function listBelow(
  transport: MlflowTransport,
  folder: ArtifactFolder,
  prefix: string,
): Promise<readonly ArtifactEntry[]> {
  const entries = await listFolder(transport, prefix === '' ? folder : `${folder}/${prefix}`);
  const lists = entries.map(async ({ name, isFolder, size }): Promise<readonly ArtifactEntry[]> => {
    const path = prefix === '' ? name : `${prefix}/${name}`;
    return isFolder ? listBelow(transport, folder, path) : [{ path, size }];
  });
  return (await Promise.all(lists)).flat();
}

/** The entry of one path, if it is there. */
export async function findEntry(
  transport: MlflowTransport,
  folder: ArtifactFolder,
  path: string,
): Promise<FolderEntry | undefined> {
  const [, parent, name] = /^(?:(.*)\/)?([^/]+)$/.exec(path) ?? [];
  const entries = await listFolder(transport, parent === undefined ? folder : `${folder}/${parent}`);
  return entries.find((entry) => entry.name === name);
}
