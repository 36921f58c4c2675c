import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeCommit, findGitCommit } from './git-commit.ts';

let root: string;
let project: { root: string; models: string; featureTables: string };
let commit: string;

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=ada', '-c', 'user.email=ada@example.org', ...args], {
    cwd: root,
  }).toString();
const write = (file: string, content = '{}'): Promise<void> => writeFile(join(root, file), content);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'slipway-git-'));
  project = { root, models: join(root, 'models'), featureTables: join(root, 'tables') };
  for (const folder of ['models', 'models/parts', 'tables', 'data']) await mkdir(join(root, folder));
  await write('models/price.ts');
  await write('tables/sales.json');
  await write('.gitignore', '*.local.ts\n');
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'first');
  commit = git('rev-parse', 'HEAD').trim();
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('findGitCommit', () => {
  it('names the commit that holds every configuration, whatever else is new', async () => {
    await write('data/new.csv');
    await write('models/notes.md');
    await write('script.ts');
    await mkdir(join(root, 'models/modules'));
    await write('models/modules/a.local.ts');
    expect(await findGitCommit(project)).toBe(commit);
  });

  it.each([
    'models/demand.ts',
    'models/parts/a.ts',
    'tables/hours.json',
    'models/größe.ts',
    'models/mine.local.ts',
  ])('marks a commit that lacks %s', async (file) => {
    await write(file);
    expect(await findGitCommit(project)).toBe(`${commit}-dirty`);
  });

  it('marks a changed file, staged or not', async () => {
    await write('models/price.ts', '{ }');
    expect(await findGitCommit(project)).toBe(`${commit}-dirty`);
    git('add', '--all');
    expect(await findGitCommit(project)).toBe(`${commit}-dirty`);
  });

  it('marks configurations that lie outside the repository', async () => {
    expect(await findGitCommit({ ...project, models: tmpdir() })).toBe(`${commit}-dirty`);
  });

  it('knows none without a repository', async () => {
    await rm(join(root, '.git'), { recursive: true });
    expect(await findGitCommit(project)).toBeNull();
  });
});

it('says to people what the mark means', () => {
  expect(describeCommit('0123-dirty')).toBe('0123 + uncommitted changes');
  expect(describeCommit('0123')).toBe('0123');
  expect(describeCommit(null)).toBe('unknown');
});
