import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from '@slipway/database';
import { createTestDatabase } from '@slipway/database/testing';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const launcher = join(repository, 'apps/pipeline/bin/slipway.js');

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of this repository's configurations with a database of its own, and the command line as a user types it. */
export interface CliProject {
  readonly folder: string;
  readonly url: string;
  readonly database: Database;
  run(...args: string[]): Promise<CommandResult>;
  /**
   * Runs a verb with `--json` and returns its document.
   * @param variables more than those of the project
   * @throws when the exit code is not the expected one
   */
  json<T>(args: readonly string[], code?: number, variables?: Readonly<Record<string, string>>): Promise<T>;
  /** Replaces the first occurrence of a text in a file of the project. */
  edit(file: string, from: string, to: string): Promise<void>;
  read(file: string): Promise<string>;
  write(file: string, content: string): Promise<void>;
  remove(): Promise<void>;
}

/** For suites that do not test the time limit: on a busy machine MLflow may take longer than people would wait. */
export const patient = { MLFLOW_HTTP_REQUEST_TIMEOUT: '60' } as const;

/** @param options.server URL of the server its database is made on. @default the embedded one for tests */
export async function createCliProject(
  environment: Readonly<Record<string, string>> = {},
  { server }: { server?: string | undefined } = {},
): Promise<CliProject> {
  const folder = await copyProject();
  const test = await createTestDatabase(server === undefined ? {} : { server });
  const variables = {
    ...patient,
    DATABASE_URL: test.url,
    GIT_COMMIT: 'f'.repeat(40),
    USER: 'ada',
    ...environment,
  };
  const run: CliProject['run'] = (...args) => runCommand(folder, variables, args);
  return {
    folder,
    url: test.url,
    database: test.database,
    run,
    async json<T>(args: readonly string[], code = 0, more = {}): Promise<T> {
      const result = await runCommand(folder, { ...variables, ...more }, [...args, '--json']);
      if (result.code !== code)
        throw new Error(`slipway ${args.join(' ')} ended with ${result.code}\n${result.stderr}`);
      return JSON.parse(result.stdout) as T;
    },
    async edit(file, from, to) {
      const path = join(folder, file);
      const text = await readFile(path, 'utf8');
      if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
      await writeFile(path, text.replace(from, to));
    },
    read: (file) => readFile(join(folder, file), 'utf8'),
    write: (file, content) => writeFile(join(folder, file), content),
    async remove() {
      await rm(folder, { recursive: true, force: true });
      await test.drop();
    },
  };
}

/** Copies configurations and data into a new temporary folder. */
export async function copyProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-project-'));
  const parts = ['slipway.config.ts', 'apps/pipeline/models', 'apps/pipeline/features', 'apps/pipeline/data'];
  for (const part of parts) await cp(join(repository, part), join(folder, part), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/**
 * Runs the launcher in a folder with these variables only.
 * @param options.timeoutMs asks a command that takes longer to end. @default none
 */
export function runCommand(
  folder: string,
  variables: Readonly<Record<string, string>>,
  args: readonly string[],
  { timeoutMs }: { readonly timeoutMs?: number } = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const env = { PATH: '', ...variables };
    const child = spawn(process.execPath, [launcher, ...args], { cwd: folder, env, timeout: timeoutMs });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
