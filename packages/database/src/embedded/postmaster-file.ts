import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataPath } from './data-directory.ts';
import { isAlive, runsPostgres } from './processes.ts';

/** What PostgreSQL's own lock file in the data folder says. Its lines: process id, folder, start time, port, ... */
export interface PostmasterFile {
  readonly serverProcess: number;
  readonly port: number;
}

/** Reads `postmaster.pid`, or undefined when there is none. A server that is starting has not written its port yet: 0. */
export async function readPostmasterFile(directory: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(postmasterPath(directory), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => Number.parseInt(line, 10) || 0);
  const serverProcess = lines[0] ?? 0;
  return serverProcess > 0 ? { serverProcess, port: lines[3] ?? 0 } : undefined;
}

/** Beyond every process id that a system gives out. */
const nobodysProcess = 2_147_483_646;

/**
 * Makes the lock file of a killed server say that its process is gone, when another program got its id since: after a
 * restart of the machine or container PostgreSQL would take that program for the server and refuse to start for ever.
 * Only the id is replaced: PostgreSQL still looks whether processes of the killed server hold its shared memory.
 */
export async function forgetStranger(directory: string): Promise<void> {
  const path = postmasterPath(directory);
  const text = await readFile(path, 'utf8').catch(() => '');
  const named = Number.parseInt(text, 10);
  if (!(named > 0) || !isAlive(named) || runsPostgres(named)) return;
  await writeFile(path, text.replace(/^\d+/, String(nobodysProcess)));
}

function postmasterPath(directory: string): string {
  return join(dataPath(directory), 'postmaster.pid');
}
