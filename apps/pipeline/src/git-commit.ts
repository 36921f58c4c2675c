import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * The commit checked out in a folder, or null where there is none or no git. With changes that are not committed it ends in
 * `-dirty`, as git itself writes it: that commit alone would not give the same model.
 */
export async function findGitCommit(folder: string): Promise<string | null> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', args, { cwd: folder })).stdout.trim();
  try {
    const commit = await git('rev-parse', 'HEAD');
    const changes = await git('status', '--porcelain', '--untracked-files=no');
    if (commit === '') return null;
    return changes === '' ? commit : `${commit}-dirty`;
  } catch {
    return null;
  }
}
