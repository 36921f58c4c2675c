import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The commit checked out in a folder, or null where there is none or no git. */
export async function findGitCommit(folder: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: folder });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}
