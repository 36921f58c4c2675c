import { createInterface } from 'node:readline';
import { ensureEmbeddedServer } from '../src/embedded/index.ts';

// A process that asks for the server of a folder each time it is told one, and prints what it got as a JSON line.
for await (const directory of createInterface({ input: process.stdin })) {
  const got = await ensureEmbeddedServer({ directory }).catch((error: Error) => ({ error: error.message }));
  process.stdout.write(`${JSON.stringify(got)}\n`);
}
