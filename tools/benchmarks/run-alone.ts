import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Sample } from './benchmark.ts';

/**
 * Runs a program in a process of its own, whose peak memory is then that of the work alone. It prints a {@link Sample} as
 * its last line.
 * @param program a TypeScript file, or a Python one for the Python of `options`
 */
export async function runAlone(
  program: URL,
  args: readonly string[],
  { python }: { readonly python?: string } = {},
): Promise<Sample> {
  const [command, options] =
    python === undefined ? [process.execPath, ['--conditions=@slipway/source']] : [python, []];
  const { stdout } = await promisify(execFile)(command, [...options, fileURLToPath(program), ...args]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Sample;
}

/** Times work and prints it as {@link runAlone} reads it. */
export async function reportSample(work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  printSample({ ms, peakMb: process.resourceUsage().maxRSS / 1024 });
}

export function printSample(sample: Sample): void {
  console.log(JSON.stringify(sample));
}
