import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

/** Commands in a shell, of which the last is a server that runs until it is ended. */
export interface Shell {
  /** @throws Error with what was written, when the commands end first or nothing answers within 90 seconds */
  untilItAnswers(url: string): Promise<void>;
  /** Ends the shell and what it started. */
  end(): Promise<void>;
}

/** Starts commands with these variables only; the first that fails ends them. */
export function startShell(commands: string, variables: Readonly<Record<string, string>>): Shell {
  const child = spawn('sh', ['-euc', commands], {
    env: variables,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (written = (written + chunk.toString()).slice(-4_000)));
  let isOver = false;
  const over = new Promise<void>((resolve) => child.once('close', () => resolve())).then(() => {
    isOver = true;
  });
  return {
    async untilItAnswers(url) {
      const deadline = Date.now() + 90_000;
      while (!(await answers(url))) {
        if (isOver || Date.now() > deadline) throw new Error(`nothing answers at ${url}:\n${written}`);
        await pause(100);
      }
    },
    async end() {
      // The group of a child that has a number, and no other.
      if (child.pid !== undefined && !isOver) process.kill(-child.pid, 'SIGKILL');
      await over;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    async (response) => (await response.text()) === 'OK',
    () => false,
  );
}
