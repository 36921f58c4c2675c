import { ensureEmbeddedServer } from '../src/embedded/index.ts';

// A client process of the embedded-server tests: prints the server it was given, as one JSON line.
const { directory, idleSeconds } = JSON.parse(process.argv[2] ?? '{}') as {
  directory: string;
  idleSeconds: number;
};
const server = await ensureEmbeddedServer({ directory, idleSeconds });
process.stdout.write(`${JSON.stringify(server)}\n`);
