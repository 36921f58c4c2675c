import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({ url: z.string(), serverProcess: z.int(), supervisorProcess: z.int() });

/** How clients find the running server: its URL (with password) and the process ids. */
export type ServerFile = z.infer<typeof schema>;

/** Reads `server.json`, or undefined when it is absent or half-written by something else. */
export async function readServerFile(directory: string): Promise<ServerFile | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(serverFilePath(directory), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Writes `server.json` by rename, readable by its owner alone. */
export async function writeServerFile(directory: string, content: ServerFile): Promise<void> {
  const temporary = `${serverFilePath(directory)}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(content), { mode: 0o600 });
  await rename(temporary, serverFilePath(directory));
}

/**
 * Removes `server.json`, so that no new client finds a server that is about to stop.
 * @param owner leaves it alone when another supervisor than this process id wrote it
 */
export async function removeServerFile(directory: string, owner?: number): Promise<void> {
  if (owner !== undefined && (await readServerFile(directory))?.supervisorProcess !== owner) return;
  await rm(serverFilePath(directory), { force: true });
}

function serverFilePath(directory: string): string {
  return join(directory, 'server.json');
}
