import { readFile } from 'node:fs/promises';

/** The block of shell commands on a page of docs/ whose first line begins with this. */
export function documentedCommands(page: string, firstLine: string): Promise<string> {
  return documentedBlock(page, { language: 'sh', begins: firstLine });
}

/** The block in a language on a page of docs/ that begins with this. */
export async function documentedBlock(
  page: string,
  { language, begins }: { readonly language: string; readonly begins: string },
): Promise<string> {
  const text = await readFile(new URL(`../../../docs/${page}`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/```(\w+)\n([^]*?)```/g)].filter(([, name]) => name === language);
  const found = blocks.map(([, , block = '']) => block).filter((block) => block.startsWith(begins));
  if (found.length !== 1) throw new Error(`${found.length} blocks of ${page} begin with "${begins}"`);
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
