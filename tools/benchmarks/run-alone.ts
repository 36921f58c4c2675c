import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Sample } from './benchmark.ts';

/**
 * Runs a program in a process of its own, whose peak memory is then that of the work alone. It prints a {@link Sample} as
 * its last line.
 */
export async function runAlone(program: URL, args: readonly string[]): Promise<Sample> {
  const options = ['--conditions=@slipway/source', fileURLToPath(program), ...args];
  const { stdout } = await promisify(execFile)(process.execPath, options);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Sample;
}

/** Times work and prints it as {@link runAlone} reads it. */
export async function reportSample(work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const sample: Sample = { ms, peakMb: process.resourceUsage().maxRSS / 1024 };
  console.log(JSON.stringify(sample));
}
