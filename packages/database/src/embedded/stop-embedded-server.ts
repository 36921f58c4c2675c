import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SlipwayError } from '@slipway/contracts';
import pg from 'pg';
import { dataPath } from './data-directory.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { commandLineHolds, isAlive, waitUntilGone } from './processes.ts';
import { probeServer } from './probe-server.ts';
import { readServerFile, removeServerFile } from './server-file.ts';

/**
 * Stops the embedded server of a directory and its supervisor, and waits until no process of theirs is left.
 * @throws SlipwayError `embedded_start_failed` when they do not end within 30 seconds
 */
export async function stopEmbeddedServer(options: {
  readonly directory: string;
}): Promise<{ readonly stopped: boolean }> {
  const directory = resolve(options.directory);
  const announced = await readServerFile(directory);
  const serverProcess = (await readPostmasterFile(directory))?.serverProcess ?? 0;
  const supervisor = announced?.supervisorProcess ?? 0;
  const processes: number[] = [];
  if (supervisor > 0 && commandLineHolds(supervisor, directory)) {
    processes.push(supervisor);
    process.kill(supervisor, 'SIGTERM');
  }
  if (serverProcess > 0 && commandLineHolds(serverProcess, directory)) {
    if (processes.length === 0) process.kill(serverProcess, 'SIGINT');
    processes.push(serverProcess);
  }
  await removeServerFile(directory);
  if (processes.length === 0) return { stopped: false };
  if (await waitUntilGone(processes, 30_000)) return { stopped: true };
  throw new SlipwayError('embedded_start_failed', {
    what: 'The embedded database did not stop',
    received: `process ${processes.filter(isAlive).join(', ')} still lives after 30 seconds`,
    next: 'End it by its process id',
  });
}

/** State of the embedded server of a directory. `clients` counts connections other than the supervisor's. */
export interface EmbeddedServerStatus {
  readonly state: 'running' | 'stopped' | 'absent';
  readonly url?: string;
  readonly version?: string;
  readonly clients?: number;
  readonly serverProcess?: number;
  readonly supervisorProcess?: number;
}

/** Tells whether the embedded server of a directory runs, without starting it. */
export async function embeddedServerStatus(options: {
  readonly directory: string;
}): Promise<EmbeddedServerStatus> {
  const directory = resolve(options.directory);
  const version = (await readFile(join(dataPath(directory), 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (version === '') return { state: 'absent' };
  const announced = await readServerFile(directory);
  if (announced === undefined || !(await probeServer(announced.url))) return { state: 'stopped', version };
  return { state: 'running', version, clients: await countClients(announced.url), ...announced };
}

async function countClients(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ clients: number }>(
      `SELECT count(*)::int AS clients FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name <> 'slipway supervisor'`,
    );
    return rows[0]?.clients ?? 0;
  } finally {
    await client.end();
  }
}
