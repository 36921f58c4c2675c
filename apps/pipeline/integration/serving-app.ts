import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../../serving/bin/slipway-serving.js', import.meta.url));

/** The serving app as a container runs it. */
export interface ServingApp {
  readonly url: string;
  /** What it logged, one JSON document a line. */
  readonly log: () => string;
  /** Asks it to end; resolves with its exit code when it has. */
  stop(): Promise<number | null>;
}

/** Starts the serving app on free ports with these variables only, and waits until it listens. */
export async function startServingApp(variables: Readonly<Record<string, string>>): Promise<ServingApp> {
  const child = spawn(process.execPath, [launcher], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '', HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', POLL_MS: '200', ...variables },
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const line = new Promise<string>((resolve) =>
    createInterface({ input: child.stdout }).once('line', resolve),
  );
  const ready = await Promise.race([line, ended.then(() => undefined)]);
  if (ready === undefined) throw new Error(`the serving app ended before it listened\n${log}`);
  const { listening } = JSON.parse(ready) as { listening: number };
  return {
    url: `http://127.0.0.1:${listening}`,
    log: () => log,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
