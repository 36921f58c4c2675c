import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { SlipwayError } from '@slipway/contracts';
import type { CommandContext } from './command-context.ts';

/**
 * Writes a report under `.slipway/reports/`. Returns its path relative to the project.
 * @throws SlipwayError `file_unwritable`
 */
export async function saveReport({ project }: CommandContext, name: string, html: string): Promise<string> {
  const folder = join(project.state, 'reports');
  const path = join(folder, name);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(path, html);
  } catch (error) {
    throw new SlipwayError('file_unwritable', {
      what: `The report ${path} could not be written`,
      next: 'Check the rights of that folder',
      cause: error,
    });
  }
  return relative(project.root, path);
}
