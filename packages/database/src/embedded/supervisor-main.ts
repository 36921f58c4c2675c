import { findPlatformBinaries, prepareLibraries } from './platform-binaries.ts';
import { supervise } from './supervise.ts';
import { findPrivileges } from './unprivileged.ts';

/** The supervisor process: its one argument is JSON from the client that started it. */
interface SupervisorArguments {
  readonly directory: string;
  readonly idleMs: number;
  readonly fsync: boolean;
  readonly resolveFrom: readonly string[];
}

const { directory, idleMs, fsync, resolveFrom } = JSON.parse(process.argv[2] ?? '{}') as SupervisorArguments;
const ending = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => ending.abort());

try {
  const binaries = await findPlatformBinaries(resolveFrom);
  const setup = {
    directory,
    binaries,
    privileges: await findPrivileges(),
    libraries: await prepareLibraries(binaries, directory),
  };
  await supervise({ setup, idleMs, fsync, signal: ending.signal });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
