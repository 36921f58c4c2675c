import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createTestDatabase } from '@slipway/database/testing';
import { mlflowCacheFolder, startMlflowServer } from '@slipway/registry-client/testing';
import { collapseSpace } from './readme-examples.ts';
import { runProgram } from './run-program.ts';

export interface ExampleRun {
  readonly code: number | null;
  /** White space collapsed, as promises are written. */
  readonly output: string;
  readonly stderr: string;
}

/** A server, or a part of one, that an example has to itself. */
interface ExampleServer {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** The variables by which examples name servers, and where each comes from. */
const serversByVariable: Readonly<Record<string, () => Promise<ExampleServer>>> = {
  DATABASE_URL: createTestDatabase,
  MLFLOW_TRACKING_URI: startMlflow,
};

async function startMlflow(): Promise<ExampleServer> {
  const { url, stop } = await startMlflowServer({ major: '3', cacheFolder: mlflowCacheFolder(process.env) });
  return { url, drop: stop };
}

/** Runs an example that was written to a file, with a fresh server behind every variable it reads. */
export async function runReadmeExample(
  file: string,
  { node = process.execPath, flags = [] }: { node?: string; flags?: readonly string[] } = {},
): Promise<ExampleRun> {
  const code = await readFile(file, 'utf8');
  const servers = new Map<string, ExampleServer>();
  try {
    for (const [variable, provide] of Object.entries(serversByVariable))
      if (code.includes(variable)) servers.set(variable, await provide());
    const urls = Object.fromEntries([...servers].map(([variable, { url }]) => [variable, url]));
    const variables = { PATH: '', NODE_NO_WARNINGS: '1', ...urls };
    const run = await runProgram(node, [...flags, file], { folder: dirname(file), variables });
    return { code: run.code, output: collapseSpace(run.stdout), stderr: run.stderr };
  } finally {
    for (const { drop } of servers.values()) await drop();
  }
}
