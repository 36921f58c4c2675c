import { execFile } from 'node:child_process';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Project } from './find-project.ts';

const dirty = '-dirty';

/**
 * The commit checked out in a project, or null where there is none or no git. With changes that are not committed it ends in
 * `-dirty`, as git itself writes it: that commit alone would not give the same model. Among them is a configuration that git
 * does not have, ignored or of a folder outside the repository; other new files change no model.
 */
export async function findGitCommit({
  root,
  models,
  featureTables,
}: Pick<Project, 'root' | 'models' | 'featureTables'>): Promise<string | null> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', args, { cwd: root })).stdout.trim();
  // Of what git ignores, only what is read as a configuration: it may well ignore a folder of modules there.
  const lists = (folder: string): readonly (readonly string[])[] => [
    ['--exclude-standard', '--', folder],
    ['--', `:(glob)${join(folder, '*')}`],
  ];
  const isKept = async (folder: string): Promise<boolean> => {
    const found = lists(relative(root, folder) || '.').map((list) => git('ls-files', '--others', ...list));
    return Promise.all(found).then(
      (files) => !/\.(ts|js|json)"?$/m.test(files.join('\n')),
      () => false,
    );
  };
  try {
    const commit = await git('rev-parse', 'HEAD');
    if (commit === '') return null;
    const changes = await git('status', '--porcelain', '--untracked-files=no');
    const areKept = await Promise.all([models, featureTables].map(isKept));
    return changes === '' && areKept.every(Boolean) ? commit : `${commit}${dirty}`;
  } catch {
    return null;
  }
}

/** A commit in the words of people. */
export function describeCommit(commit: string | null): string {
  if (commit === null) return 'unknown';
  if (!commit.endsWith(dirty)) return commit;
  return `${commit.slice(0, -dirty.length)} + uncommitted changes`;
}
