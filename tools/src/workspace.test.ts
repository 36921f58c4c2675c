import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(path, root), 'utf8')) as Record<string, unknown>;
const packages = readdirSync(new URL('packages/', root));

describe('every package', () => {
  it.each(packages)('%s is ESM, MIT, tagged, with explicit exports that name the source first', (name) => {
    const manifest = read(`packages/${name}/package.json`);
    expect(manifest).toMatchObject({ name: `@slipway/${name}`, type: 'module', license: 'MIT' });
    expect((manifest['nx'] as { tags: string[] }).tags).toContain(`name:${name}`);
    const main = (manifest['exports'] as Record<string, Record<string, string>>)['.'] ?? {};
    expect(Object.keys(main)).toEqual(['@slipway/source', 'types', 'import', 'default']);
  });
});

describe('the lock file', () => {
  it('holds the embedded database for every platform', () => {
    const { packages: locked } = read('package-lock.json') as { packages: Record<string, unknown> };
    const { optionalDependencies } = read('apps/pipeline/package.json') as {
      optionalDependencies: Record<string, string>;
    };
    for (const name of Object.keys(optionalDependencies))
      expect(locked).toHaveProperty([`node_modules/${name}`]);
  });

  it('names no registry host', () => {
    expect(readFileSync(new URL('package-lock.json', root), 'utf8')).not.toContain('"resolved": "http');
  });
});
