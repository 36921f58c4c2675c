import { execFile } from 'node:child_process';
import { cp, lstat, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { findPlatformBinaries, prepareLibraries } from '../src/embedded/platform-binaries.ts';

it('names DATABASE_URL where no binaries are installed', async () => {
  const found = findPlatformBinaries(['/nowhere/main.js']);
  await expect(found).rejects.toMatchObject({ code: 'embedded_unsupported' });
  await expect(found).rejects.toThrow(/DATABASE_URL/);
});

it('makes the library links that an install without scripts leaves out', async () => {
  const binaries = await findPlatformBinaries([fileURLToPath(import.meta.url)]);
  const folder = await mkdtemp(join(tmpdir(), 'slipway-binaries-'));
  const root = join(folder, 'package');
  await cp(binaries.root, root, {
    recursive: true,
    filter: async (path) => !(await lstat(path)).isSymbolicLink(),
  });
  const initdb = join(root, 'native', 'bin', 'initdb');
  await expect(promisify(execFile)(initdb, ['--version'], { env: {} })).rejects.toThrow(/lib/);
  const copy = { ...binaries, root, initdb };
  const [env, same] = await Promise.all([prepareLibraries(copy, folder), prepareLibraries(copy, folder)]);
  expect(same).toEqual(env);
  const { stdout } = await promisify(execFile)(initdb, ['--version'], { env });
  expect(stdout).toContain(`PostgreSQL) ${binaries.major}`);
  const links = JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as object[];
  expect(links.length).toBeGreaterThan(0);
  await rm(folder, { recursive: true });
});
