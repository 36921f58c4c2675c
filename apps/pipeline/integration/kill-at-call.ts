import { appendFileSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { BrokenSource, KillOrder } from './kill-order.ts';

// Runs the command line as a user types it, counts its database statements and HTTP calls, and kills itself at one of
// them. Arguments: the order as JSON, then the words of the command.
const [order, ...words] = process.argv.slice(2);
const { trace, kill, broken }: KillOrder = JSON.parse(order ?? '{}') as KillOrder;
let calls = 0;
let isDying = false;

/** Notes a call; true when this process is to die at it. */
function note(text: string): boolean {
  calls += 1;
  const line = text.replaceAll(/\s+/g, ' ').trim().slice(0, 120);
  appendFileSync(trace, `${line}\n`);
  if (isDying || kill === undefined) return false;
  isDying = typeof kill.call === 'number' ? calls === kill.call : new RegExp(kill.call).test(line);
  return isDying;
}

function die(): void {
  process.kill(process.pid, kill?.signal ?? 'SIGKILL');
}

/** Lets the call run as far as the order says: not at all, sent without waiting, or answered and the answer lost. */
function runAndDie(run: () => unknown): unknown {
  if (kill?.moment === 'before') {
    die();
    // Reached only by a process that was stopped and goes on.
    return run();
  }
  const result = run();
  if (kill?.moment === 'sent') die();
  if (result instanceof Promise) return result.finally(die);
  // A stream of COPY.
  return (result as NodeJS.EventEmitter).once('close', die);
}

type Call = (this: unknown, ...args: unknown[]) => unknown;

const client = pg.Client.prototype as unknown as { query: Call };
const query = client.query;
client.query = function (this: unknown, ...args: unknown[]): unknown {
  const [statement] = args as [string | { text?: string }];
  const text = typeof statement === 'string' ? statement : (statement.text ?? 'COPY');
  const run = (): unknown => query.apply(this, args);
  return note(text) ? runAndDie(run) : run();
};

const send = globalThis.fetch;
globalThis.fetch = ((input: string | URL | Request, init?: RequestInit) => {
  const url = input instanceof Request ? input.url : String(input);
  const run = (): Promise<Response> => send(input, init);
  if (!note(`${init?.method ?? 'GET'} ${new URL(url).pathname}`)) return run();
  if (kill?.moment !== 'sent') return runAndDie(run);
  // What is sent leaves in a later turn of the event loop; a few turns on, the answer may be there or not.
  setTimeout(die, 3);
  return run();
}) as typeof fetch;

if (broken !== undefined) breakSource(broken);
process.argv.splice(2, process.argv.length, ...words);
await import('../src/main.ts');

/** Replaces a text in one source file while it is loaded, so that the suite can show that it would notice. */
function breakSource({ file, from, to }: BrokenSource): void {
  registerHooks({
    load(url, context, next) {
      if (!url.endsWith(file)) return next(url, context);
      const source = readFileSync(fileURLToPath(url), 'utf8');
      if (!source.includes(from)) throw new Error(`${file} does not contain ${from}`);
      return { format: 'module-typescript', shortCircuit: true, source: source.replace(from, to) };
    },
  });
}
