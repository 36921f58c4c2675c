import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { awaitReadiness } from '../src/await-readiness.ts';

const launcher = fileURLToPath(new URL('../../serving/bin/slipway-serving.js', import.meta.url));

/** The serving app as a container runs it. */
export interface ServingApp {
  readonly url: string;
  /** From its start until it listened; readiness may come later. */
  readonly secondsToListen: number;
  /** What it logged, one JSON document a line. */
  readonly log: () => string;
  /** Asks it to end; resolves with its exit code when it has. */
  stop(): Promise<number | null>;
}

/** Starts the serving app on free ports with these variables only, and waits until its models are ready. */
export async function startServingApp(
  variables: Readonly<Record<string, string> & { SLIPWAY_MODELS: string }>,
): Promise<ServingApp> {
  const begun = performance.now();
  const child = spawn(process.execPath, [launcher], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '', HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', POLL_MS: '200', ...variables },
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const stop = (): Promise<number | null> => {
    child.kill('SIGTERM');
    return ended;
  };
  const line = new Promise<string>((resolve) =>
    createInterface({ input: child.stdout }).once('line', resolve),
  );
  const first = await Promise.race([line, ended.then(() => undefined)]);
  if (first === undefined) throw new Error(`the serving app ended before it listened\n${log}`);
  const secondsToListen = (performance.now() - begun) / 1000;
  const url = `http://127.0.0.1:${(JSON.parse(first) as { listening: number }).listening}`;
  const end = new AbortController();
  void ended.then(() => end.abort());
  const isReady = await awaitReadiness({
    url,
    models: variables.SLIPWAY_MODELS.split(','),
    limitMs: 60_000,
    fetch,
    now: () => performance.now(),
    signal: end.signal,
  });
  if (isReady) return { url, secondsToListen, log: () => log, stop };
  await stop();
  throw new Error(`the serving app listened and was not ready in time\n${log}`);
}
