import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KillOrder } from './kill-order.ts';

const launcher = fileURLToPath(new URL('kill-at-call.ts', import.meta.url));

/** What a process is told to do, but for the file of its calls. */
export type DeployOrder = Omit<KillOrder, 'trace'>;

/** A `slipway deploy bike-demand --json` that has ended. */
export interface DeployEnd {
  /** Null after a kill. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Its statements and HTTP calls, in their order. */
  readonly calls: readonly string[];
}

/** One that runs. */
export interface DeployProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<DeployEnd>;
}

/**
 * @param folder of the project; the calls are noted in it
 * @param name of the model's environment: one process at a time
 */
export async function startDeploy(
  { folder, variables, name }: { folder: string; variables: Readonly<Record<string, string>>; name: string },
  order: DeployOrder,
): Promise<DeployProcess> {
  const trace = join(folder, `calls-${name}`);
  await writeFile(trace, '');
  const told: KillOrder = { ...order, trace };
  const words = ['deploy', 'bike-demand', '--json'];
  const args = ['--conditions=@slipway/source', launcher, JSON.stringify(told), ...words];
  const child = spawn(process.execPath, args, { cwd: folder, env: { PATH: '', ...variables } });
  return { child, ended: watchDeploy(child, trace) };
}

async function watchDeploy(child: ChildProcess, trace: string): Promise<DeployEnd> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const calls = (await readFile(trace, 'utf8')).split('\n').filter((line) => line !== '');
  return { code, stdout, stderr, calls };
}
