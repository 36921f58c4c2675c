import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { stopEmbeddedServer } from '@slipway/database/embedded';
import type { CommandContext } from './command-context.ts';
import { demoMark } from './demo-mark.ts';

/**
 * Stops the embedded server of this folder and begins with an empty `.slipway/`; nothing outside it is touched. What an
 * earlier demo left is deleted. What anybody else did since is moved to a folder beside it, in `.slipway/kept/`.
 */
export async function startClean({
  project,
  output,
  now,
}: Pick<CommandContext, 'project' | 'output' | 'now'>): Promise<void> {
  await stopEmbeddedServer({ directory: join(project.state, 'postgres') });
  const left = await readdir(project.state).catch((): string[] => []);
  const isOurs = left.length === 0 || left.includes(demoMark);
  const kept = join(project.state, 'kept');
  const place = join(kept, new Date(now()).toISOString().replaceAll(':', ''));
  if (!isOurs) {
    await mkdir(place, { recursive: true });
    output.line(`what was in .slipway/ is now in ${relative(project.root, place)}`);
  }
  for (const name of left.filter((entry) => entry !== 'kept')) {
    const path = join(project.state, name);
    if (isOurs) await rm(path, { recursive: true, force: true });
    else await rename(path, join(place, name));
  }
  await mkdir(project.state, { recursive: true });
  await writeFile(join(project.state, demoMark), 'everything here was made by "slipway demo"\n');
}
