import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { CommandContext } from './command-context.ts';
import { makeStateFolder } from './make-state-folder.ts';

/**
 * Writes a report under `.slipway/reports/`. The verb has done its work by then, so a report that cannot be written is
 * said and fails nothing.
 * @returns its path relative to the project; null when it could not be written
 */
export async function saveReport(
  { project, output }: CommandContext,
  name: string,
  html: string,
): Promise<string | null> {
  const path = join(project.state, 'reports', name);
  try {
    await makeStateFolder(project, 'reports');
    await writeFile(path, html);
    return relative(project.root, path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'an error';
    output.line(`  ${output.paint('yellow', 'warning')}: the report ${path} could not be written (${code})`);
    return null;
  }
}
