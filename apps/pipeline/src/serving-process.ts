import { spawn } from 'node:child_process';
import { open, type FileHandle } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { SlipwayError } from '@slipway/contracts';
import { awaitReadiness } from './await-readiness.ts';
import type { CommandContext } from './command-context.ts';
import { endWithChild } from './end-with-child.ts';
import type { Project } from './find-project.ts';
import { makeStateFolder } from './make-state-folder.ts';
import { urlOfListener } from './url-of-listener.ts';

/** A running serving app, started by this process. */
export interface ServingProcess {
  /** Base URL of the inference listener, for example http://127.0.0.1:8080. */
  readonly url: string;
  /** Base URL of the admin listener. */
  readonly adminUrl: string;
  readonly processId: number;
  /** Whether every model that is deployed was ready in time; if not, the app goes on trying. */
  readonly isReady: boolean;
  /** Asks it to end (SIGTERM), waits until it has; resolves with its exit code. */
  stop(): Promise<number | null>;
  /** Resolves when the process ends by itself or by a signal. */
  readonly ended: Promise<number | null>;
}

/**
 * Starts the serving app as a process of its own against this environment and waits until it listens, and a while
 * longer until models that are deployed are ready.
 * Its log lies in `.slipway/logs/serving.log`.
 * @throws SlipwayError `port_taken`, `model_not_ready` with the last lines it wrote when it ends before that
 */
export async function startServing(
  command: CommandContext,
  {
    models,
    deployed,
    host = '127.0.0.1',
    port,
    adminPort = 0,
    folder = join(command.project.state, 'serving'),
    tokens,
    onInterrupted,
  }: {
    readonly models: readonly string[];
    /** Those that have a version to serve. */
    readonly deployed: readonly string[];
    /** @default 127.0.0.1 */
    readonly host?: string | undefined;
    readonly port: number;
    /** @default 0, the system chooses */
    readonly adminPort?: number;
    /** Its models and write-ahead files lie here. @default `.slipway/serving` */
    readonly folder?: string;
    /** Bearer tokens it asks for. @default none */
    readonly tokens?: CommandContext['environment']['servingTokens'];
    /** Called with an exit code when a signal has ended the app. @default the caller sees `ended` */
    readonly onInterrupted?: (code: number) => void;
  },
): Promise<ServingProcess> {
  const { project, environment } = command;
  const launcher = join(
    dirname(createRequire(import.meta.url).resolve('@slipway/serving-app/package.json')),
    'bin/slipway-serving.js',
  );
  const log = await openLog(project);
  const child = spawn(process.execPath, [launcher], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: '',
      DATABASE_URL: await command.databaseUrl(),
      ...environment.mlflowVariables,
      SLIPWAY_ENV: environment.environment,
      SLIPWAY_MODELS: models.join(','),
      SLIPWAY_CACHE_DIR: folder,
      HOST: host,
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      POLL_MS: '500',
      SLIPWAY_INFERENCE_TOKEN: tokens?.inference,
      SLIPWAY_ADMIN_TOKEN: tokens?.admin,
    },
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  endWithChild(child, { ended, exit: onInterrupted });
  void ended.then(() => log.close());
  const lastLines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > 5) lastLines.shift();
    void log.appendFile(`${line}\n`).catch(() => undefined);
  });
  const line = await Promise.race([firstLine(child.stdout), ended.then(() => undefined)]);
  if (line === undefined) throw startFailure(lastLines);
  const { listening, admin } = JSON.parse(line) as { listening: number; admin: number };
  const url = urlOfListener(host, listening);
  const end = new AbortController();
  void ended.then(() => end.abort());
  const now = (): number => performance.now();
  const isReady = await awaitReadiness({ url, models: deployed, fetch, now, signal: end.signal });
  if (end.signal.aborted) throw startFailure(lastLines);
  return {
    url,
    isReady,
    adminUrl: urlOfListener(tokens?.admin === undefined ? '127.0.0.1' : host, admin),
    processId: child.pid ?? 0,
    ended,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** @throws SlipwayError `file_unwritable` */
async function openLog(project: Project): Promise<FileHandle> {
  try {
    return await open(join(await makeStateFolder(project, 'logs'), 'serving.log'), 'a');
  } catch (cause) {
    throw new SlipwayError('file_unwritable', {
      what: `The log of the serving app cannot be written under ${project.state}`,
      received: (cause as NodeJS.ErrnoException).code ?? 'an error',
      next: 'Check the rights of that folder, or move the project',
      cause,
    });
  }
}

function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => createInterface({ input: stream }).once('line', resolve));
}

function startFailure(lastLines: readonly string[]): SlipwayError {
  const written = lastLines.join(' | ');
  const taken = /Port \d+ is already in use/.exec(written)?.[0];
  return new SlipwayError(taken === undefined ? 'model_not_ready' : 'port_taken', {
    what: taken ?? 'The serving app ended before it could answer',
    received: written || 'no output',
    next:
      taken === undefined
        ? 'Look at .slipway/logs/serving.log'
        : 'Choose another with --port, or with PORT and ADMIN_PORT',
  });
}
