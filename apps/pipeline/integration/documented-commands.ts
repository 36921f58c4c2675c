import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The block of shell commands in docs/operations.md whose first line begins with this. */
export async function documentedCommands(firstLine: string): Promise<string> {
  const page = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```sh\n([^]*?)```/g)].map(([, block = '']) => block);
  const found = blocks.filter((block) => block.startsWith(firstLine));
  if (found.length !== 1)
    throw new Error(`${found.length} blocks of operations.md begin with "${firstLine}"`);
  return found[0]!;
}

/**
 * Runs documented commands with these variables; the first that fails ends them.
 * @param postgresMajor major version of the server, whose own pg_dump is preferred
 */
export async function runDocumented(
  firstLine: string,
  { variables, postgresMajor }: { variables: Readonly<Record<string, string>>; postgresMajor: number },
): Promise<void> {
  const programs = `/usr/lib/postgresql/${postgresMajor}/bin`;
  const path = existsSync(programs) ? `${programs}:/usr/bin:/bin` : '/usr/local/bin:/usr/bin:/bin';
  const commands = await documentedCommands(firstLine);
  await promisify(execFile)('sh', ['-euc', commands], { env: { PATH: path, ...variables } });
}
