import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureEmbeddedServer, stopEmbeddedServer, type EmbeddedServer } from '../src/embedded/index.ts';
import { waitUntilGone } from '../src/embedded/processes.ts';
import { connectDatabase } from '../src/index.ts';
import { killProcess, listProcesses } from './process-table.ts';

const script = fileURLToPath(new URL('ensure-on-request.ts', import.meta.url));
const isNightly = process.env['SLIPWAY_TEST_LENGTH'] === 'nightly';
const rounds = isNightly ? 50 : 12;
/** Beyond every process id that a system gives out. */
const deadProcess = 2_147_483_645;

let root: string;
let directory: string;
let ask: ((directory: string) => Promise<EmbeddedServer | { error: string }>)[];
let end: () => void;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'slipway-twelve-'));
  directory = join(root, 'postgres');
  const children = Array.from({ length: 12 }, () =>
    spawn(process.execPath, ['--conditions=@slipway/source', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: '' },
    }),
  );
  ask = children.map((child) => {
    const answers = createInterface({ input: child.stdout });
    return (wanted) =>
      new Promise((resolve) => {
        answers.once('line', (line) => resolve(JSON.parse(line) as EmbeddedServer | { error: string }));
        child.stdin.write(`${wanted}\n`);
      });
  });
  end = () => children.forEach((child) => child.stdin.end());
  await withServer((url) => execute(url, 'CREATE TABLE kept AS SELECT 42 AS x'));
});
afterAll(async () => {
  end();
  await stopEmbeddedServer({ directory });
  await rm(root, { recursive: true, force: true });
});

async function withServer(work: (url: string, server: EmbeddedServer) => Promise<void>): Promise<void> {
  const server = await ensureEmbeddedServer({ directory });
  await work(server.url, server);
}

async function execute(url: string, sql: string): Promise<void> {
  const database = await connectDatabase({ url, maxConnections: 1 });
  await database.execute(sql);
  await database.close();
}

async function killServer(parts: readonly ('serverProcess' | 'supervisorProcess')[]): Promise<void> {
  await withServer(async (_url, server) => {
    const backends = listProcesses().filter(({ parent }) => parent === server.serverProcess);
    const processes = parts.map((part) => server[part]);
    processes.forEach(killProcess);
    if (processes.length === 2) for (const { id } of backends) killProcess(id);
    await waitUntilGone(processes, 10_000);
  });
}

const stop = (): Promise<unknown> => stopEmbeddedServer({ directory });
const write = (name: string, content: string): Promise<void> => writeFile(join(directory, name), content);

/** An announcement of a server that is gone, whose process ids belong to a program that is alive. */
const staleAnnouncement = (): string =>
  JSON.stringify({
    url: 'postgres://slipway:none@127.0.0.1:1/postgres',
    serverProcess: process.pid,
    supervisorProcess: process.pid,
  });

/** What the twelve find when they start. */
const leftovers: Readonly<Record<string, () => Promise<void>>> = {
  'a server that was stopped': async () => void (await stop()),
  'a server killed with its supervisor': () => killServer(['serverProcess', 'supervisorProcess']),
  'a server without its supervisor': () => killServer(['supervisorProcess']),
  'a supervisor without its server': () => killServer(['serverProcess']),
  'an announcement of a server that is gone': async () => {
    await stop();
    await write('server.json', staleAnnouncement());
  },
  'half an announcement': async () => {
    await stop();
    await write('server.json', '{"url":"postgres://slip');
  },
  'a lock file of the server whose process id another program has now': async () => {
    await killServer(['serverProcess', 'supervisorProcess']);
    const path = join(directory, 'data', 'postmaster.pid');
    await writeFile(path, (await readFile(path, 'utf8')).replace(/^\d+/, String(process.pid)));
    await write('server.json', staleAnnouncement());
  },
  'an empty folder': async () => {
    await stop();
    await rm(directory, { recursive: true });
  },
  'a start that was killed while it made the cluster': async () => {
    await stop();
    await cp(join(directory, 'data', 'base'), join(root, 'half-made'), { recursive: true });
    await rm(directory, { recursive: true });
    await mkdir(directory, { recursive: true });
    for (const maker of [deadProcess, deadProcess - 1])
      await cp(join(root, 'half-made'), join(directory, `data.${maker}`), { recursive: true });
    await write(`password.${deadProcess}`, 'secret');
    await write('starting', String(deadProcess));
    await write('server.json', staleAnnouncement());
  },
  'a start that was killed while it took its lock': async () => {
    await stop();
    await rm(directory, { recursive: true });
    await mkdir(directory, { recursive: true });
    await write('starting', '');
  },
};

/** New clusters take seconds each: they come in the first rounds, and again in long runs. */
const kinds = Object.keys(leftovers);
const quick = kinds.slice(0, 7);
const order = Array.from({ length: rounds }, (_, round) =>
  round < kinds.length || isNightly ? kinds[round % kinds.length]! : quick[round % quick.length]!,
);

describe('twelve processes that start the embedded server at once', () => {
  it.each(order.map((kind, round) => [round, kind] as const))(
    'all get the same one, round %i, and find %s',
    async (_round, kind) => {
      const isNew = !quick.includes(kind);
      await leftovers[kind]!();
      const servers = await Promise.all(ask.map((start) => start(directory)));
      expect(servers.filter((server) => 'error' in server)).toEqual([]);
      const [server] = servers as EmbeddedServer[];
      for (const other of servers) expect(other).toMatchObject({ url: server!.url });
      await expectOneServer();
      if (isNew) await execute(server!.url, 'CREATE TABLE kept AS SELECT 42 AS x');
      await execute(server!.url, 'SELECT x / 0 FROM kept WHERE x <> 42');
    },
  );
});

/** Soon one postmaster of the folder and one supervisor. */
async function expectOneServer(): Promise<void> {
  const data = join(directory, 'data');
  const holding = (text: string): number[] =>
    listProcesses()
      .filter(({ commandLine }) => commandLine.includes(text) && commandLine.includes(directory))
      .map(({ id }) => id);
  // Those that find somebody in charge leave.
  const count = (): number[] => [`-D\0${data}`, 'supervisor-main'].map((text) => holding(text).length);
  await expect.poll(count, { timeout: 20_000, interval: 20 }).toEqual([1, 1]);
}
