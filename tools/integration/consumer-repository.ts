import { readFile } from 'node:fs/promises';
import type { ScratchProject } from './scratch-project.ts';

/** A central repository as an outsider has it: the files of docs/your-own-repository.md, and a file of data. */
export async function writeConsumerRepository(project: ScratchProject): Promise<void> {
  const page = await readFile(new URL('../../docs/your-own-repository.md', import.meta.url), 'utf8');
  const files = [...page.matchAll(/^`([^`]+\.ts)`.*:\n\n```ts\n([^]*?)```/gm)];
  if (files.length !== 3) throw new Error(`the page shows ${files.length} files`);
  for (const [, name, text] of files) await project.write(name!, text!);
  // A line: price = 2 area + 1.
  const rows = Array.from({ length: 400 }, (_, flat) => `${flat},${flat + 1},${2 * (flat + 1) + 1}`);
  await project.write('flats.csv', ['flat,area,price', ...rows].join('\n'));
}
