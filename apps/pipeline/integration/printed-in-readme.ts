import { readFile } from 'node:fs/promises';

/** The lines that README.md promises of `npm start`, one step each. Durations, which differ, are left out. */
export async function printedInReadme(): Promise<string[]> {
  const text = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
  const block = /```text\n( {2}train [^]*?)```/.exec(text)?.[1] ?? '';
  // A line that goes on is indented further than the name of a step.
  const steps = withoutDurations(block).replaceAll(/\n {3,}/g, ' ');
  return steps.split('\n').filter((line) => !['', '...'].includes(line.trim()));
}

/** What a command printed, comparable with {@link printedInReadme}. */
export function withoutDurations(printed: string): string {
  return printed.replaceAll(/ \(\d+\.\d s\)/g, '');
}
