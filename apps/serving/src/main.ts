import { readFileSync } from 'node:fs';
import { doubtEnvironment } from '@slipway/registry-client';
import { parseEnvironment } from './environment.ts';
import { exitCodeOf } from './exit-code.ts';
import { describeFailure } from './log-line.ts';
import { runServer } from './run-server.ts';

const log = (line: string): void => void process.stderr.write(`${line}\n`);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

try {
  const environment = parseEnvironment(process.env);
  const doubt = doubtEnvironment(environment.environment);
  if (doubt !== undefined) log(JSON.stringify({ event: 'environment', message: doubt }));
  const server = await runServer({
    environment,
    now: Date.now,
    random: Math.random,
    processId: process.pid,
    programVersion: version,
    log,
  });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void server.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // The first line of stdout is for whoever started this process; the log goes to stderr.
  process.stdout.write(`${JSON.stringify({ listening: server.port, admin: server.adminPort })}\n`);
} catch (error) {
  log(JSON.stringify({ event: 'not_started', ...describeFailure(error) }));
  process.exit(exitCodeOf(error));
}
