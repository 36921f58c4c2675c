import { readFile } from 'node:fs/promises';

/** The block of shell commands on a page of docs/ whose first line begins with this. */
export async function documentedCommands(page: string, firstLine: string): Promise<string> {
  const text = await readFile(new URL(`../../../docs/${page}`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/```sh\n([^]*?)```/g)].map(([, block = '']) => block);
  const found = blocks.filter((block) => block.startsWith(firstLine));
  if (found.length !== 1) throw new Error(`${found.length} blocks of ${page} begin with "${firstLine}"`);
  return found[0]!;
}

/**
 * The commands with what is particular to a place replaced, wherever it stands.
 * @throws Error when one of the texts is not there: the page says something else than the test believes
 */
export function putInPlace(
  commands: string,
  places: readonly (readonly [from: string, to: string])[],
): string {
  return places.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the commands do not contain "${from}":\n${commands}`);
    return text.replaceAll(from, to);
  }, commands);
}
