import { execFile, spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  embeddedServerStatus,
  ensureEmbeddedServer,
  stopEmbeddedServer,
  type EmbeddedServer,
} from '../src/embedded/index.ts';
import { isAlive, waitUntilGone } from '../src/embedded/processes.ts';
import { connectDatabase } from '../src/index.ts';

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

let root: string;
const opened = new Set<string>();

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'slipway-embedded-'));
});
afterEach(async () => {
  for (const directory of opened) await stopEmbeddedServer({ directory });
  opened.clear();
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A new empty folder whose server is stopped after the test. */
function newDirectory(name: string): string {
  const directory = join(root, name, 'postgres');
  opened.add(directory);
  return directory;
}

/** Runs a client process to its end. */
async function runClient(
  directory: string,
  { idleSeconds = 60, user }: { idleSeconds?: number; user?: number } = {},
): Promise<EmbeddedServer> {
  const args = [
    '--conditions=@slipway/source',
    script('client.ts'),
    JSON.stringify({ directory, idleSeconds }),
  ];
  const identity = user === undefined ? {} : { uid: user, gid: user };
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    ...identity,
    cwd: '/',
    env: { PATH: '' },
  });
  return JSON.parse(stdout) as EmbeddedServer;
}

describe('the embedded server', () => {
  it('is one for twelve processes that start at once on an empty folder', async () => {
    const directory = newDirectory('twelve');
    const servers = await Promise.all(Array.from({ length: 12 }, () => runClient(directory)));
    expect(new Set(servers.map(({ url }) => url)).size).toBe(1);
    expect(new Set(servers.map(({ serverProcess }) => serverProcess)).size).toBe(1);
    expect(servers.filter(({ started }) => started)).toHaveLength(1);
  });

  it('is not disturbed by a client killed in the middle of a transaction', async () => {
    const { url } = await ensureEmbeddedServer({ directory: newDirectory('killed-client') });
    const database = await connectDatabase({ url });
    await database.execute('CREATE TABLE witness (x int)');
    const child = spawn(
      process.execPath,
      ['--conditions=@slipway/source', script('open-transaction.ts'), url],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
    const other = database.transaction(async (transaction) => {
      await transaction.execute('INSERT INTO witness VALUES (2)');
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
      await transaction.execute('INSERT INTO witness VALUES (3)');
    });
    await other;
    expect(await database.query('SELECT x FROM witness ORDER BY x')).toEqual([{ x: 2 }, { x: 3 }]);
    await database.close();
  });

  it('leaves no process behind when it is stopped, and keeps its rows', async () => {
    const directory = newDirectory('stopped');
    const first = await ensureEmbeddedServer({ directory });
    const database = await connectDatabase({ url: first.url });
    await database.execute('CREATE TABLE kept AS SELECT 42 AS x');
    await database.close();
    expect(await stopEmbeddedServer({ directory })).toEqual({ stopped: true });
    expect([first.serverProcess, first.supervisorProcess].filter(isAlive)).toEqual([]);
    expect(await embeddedServerStatus({ directory })).toMatchObject({ state: 'stopped' });
    expect(await stopEmbeddedServer({ directory })).toEqual({ stopped: false });
    const second = await ensureEmbeddedServer({ directory });
    expect(second.url).toBe(first.url);
    const again = await connectDatabase({ url: second.url });
    expect(await again.query('SELECT x FROM kept')).toEqual([{ x: 42 }]);
    await again.close();
  });

  it('leaves by itself when nobody has been connected for a while', async () => {
    const server = await runClient(newDirectory('idle'), { idleSeconds: 1 });
    const processes = [server.serverProcess, server.supervisorProcess];
    expect(await waitUntilGone(processes, 20_000)).toBe(true);
  });

  it.each(['supervisorProcess', 'serverProcess'] as const)(
    'comes back after kill -9 of its %s',
    async (part) => {
      const directory = newDirectory(`killed-${part}`);
      const first = await ensureEmbeddedServer({ directory });
      const database = await connectDatabase({ url: first.url });
      await database.execute('CREATE TABLE kept AS SELECT 42 AS x');
      process.kill(first[part], 'SIGKILL');
      await waitUntilGone([first[part]], 10_000);
      const second = await ensureEmbeddedServer({ directory });
      const again = await connectDatabase({ url: second.url });
      expect(await again.query('SELECT x FROM kept')).toEqual([{ x: 42 }]);
      await Promise.all([again.close(), database.close()]);
    },
  );

  it('goes on when one of its processes is killed, and stays supervised', async () => {
    const directory = newDirectory('killed-backend');
    const server = await ensureEmbeddedServer({ directory });
    const database = await connectDatabase({ url: server.url, maxConnections: 1 });
    await database.execute('CREATE TABLE kept AS SELECT 42 AS x');
    const [row] = await database.query<{ id: number }>('SELECT pg_backend_pid() AS id');
    process.kill(row!.id, 'SIGKILL');
    await waitUntilGone([row!.id], 10_000);
    const read = async (): Promise<unknown> => {
      const { url } = await ensureEmbeddedServer({ directory });
      const again = await connectDatabase({ url });
      return again.query('SELECT x FROM kept').finally(() => again.close());
    };
    await expect.poll(() => read().catch(() => 'away'), { timeout: 20_000 }).toEqual([{ x: 42 }]);
    const { serverProcess, supervisorProcess } = server;
    expect(await ensureEmbeddedServer({ directory })).toMatchObject({ serverProcess, supervisorProcess });
    await database.close();
  });

  it('works in a folder under one that only its owner may enter', async () => {
    const directory = newDirectory('closed');
    await mkdir(join(root, 'closed'), { recursive: true });
    await chmod(join(root, 'closed'), 0o700);
    const { url } = await ensureEmbeddedServer({ directory });
    expect(url).toMatch(/^postgres:\/\/slipway:[0-9a-f]+@127\.0\.0\.1:\d+\/postgres$/);
  });

  it.runIf(isRoot)('works for an ordinary user as for root', async () => {
    const folder = join(root, 'ordinary');
    await mkdir(folder, { recursive: true });
    await chown(folder, nobody, nobody);
    await chmod(root, 0o755);
    const server = await runClient(newDirectory('ordinary'), { user: nobody });
    const status = await readFile(`/proc/${server.serverProcess}/status`, 'utf8');
    expect(status).toMatch(new RegExp(`^Uid:\\s+${nobody}`, 'm'));
  });
});

describe('a folder that is not sound', () => {
  it('of another major version is refused and left alone', async () => {
    const directory = newDirectory('other-major');
    await ensureEmbeddedServer({ directory });
    await stopEmbeddedServer({ directory });
    await writeFile(join(directory, 'data', 'PG_VERSION'), '12\n');
    const started = ensureEmbeddedServer({ directory });
    await expect(started).rejects.toMatchObject({ code: 'embedded_version' });
    await expect(started).rejects.toThrow(/PostgreSQL 12/);
  });

  it('without its control file is called damaged', async () => {
    const directory = newDirectory('damaged');
    await ensureEmbeddedServer({ directory });
    await stopEmbeddedServer({ directory });
    await rm(join(directory, 'data', 'global', 'pg_control'));
    await expect(ensureEmbeddedServer({ directory })).rejects.toMatchObject({ code: 'embedded_damaged' });
  });

  it('with a control file of garbage is called damaged, not merely unstarted', async () => {
    const directory = newDirectory('garbage');
    await ensureEmbeddedServer({ directory });
    await stopEmbeddedServer({ directory });
    await writeFile(join(directory, 'data', 'global', 'pg_control'), Buffer.alloc(8192, 7));
    await expect(ensureEmbeddedServer({ directory, deadlineSeconds: 15 })).rejects.toMatchObject({
      code: 'embedded_damaged',
    });
  });

  it('that is a file is called unwritable', async () => {
    const directory = join(root, 'a-file');
    await writeFile(directory, '');
    await expect(ensureEmbeddedServer({ directory })).rejects.toMatchObject({ code: 'file_unwritable' });
  });
});
