import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folders = ['packages', 'apps'].flatMap((row) =>
  readdirSync(join(root, row)).map((name) => `${row}/${name}`),
);

interface Manifest {
  readonly exports?: Readonly<Record<string, { readonly import?: string }>>;
  readonly scripts: Readonly<Record<string, string>>;
}
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;

/** What a package needs built, by its own word. */
function entriesOf(folder: string): string[] {
  const { exports } = manifestOf(folder);
  if (exports === undefined) return ['./dist/main.js'];
  return Object.values(exports).flatMap(({ import: file }) => file ?? []);
}

/** Runs the script that npm runs before it packs, in a copy of a package with these files. */
function prepack(folder: string, files: readonly string[]): { status: number | null; stderr: string } {
  const copy = mkdtempSync(join(tmpdir(), 'slipway-prepack-'));
  const place = join(copy, folder);
  try {
    mkdirSync(place, { recursive: true });
    cpSync(join(root, folder, 'package.json'), join(place, 'package.json'));
    mkdirSync(join(copy, 'tools'));
    cpSync(join(root, 'tools/refuse-unbuilt-pack.js'), join(copy, 'tools/refuse-unbuilt-pack.js'));
    writeFileSync(join(copy, 'package.json'), '{ "type": "module" }');
    for (const file of files) {
      mkdirSync(dirname(join(place, file)), { recursive: true });
      writeFileSync(join(place, file), '');
    }
    return spawnSync('npm', ['run', '--silent', 'prepack'], { cwd: place, encoding: 'utf8' });
  } finally {
    rmSync(copy, { recursive: true });
  }
}

describe('npm pack before a build', () => {
  it.each(folders)('of %s asks whether it is built', (folder) => {
    expect(manifestOf(folder).scripts).toMatchObject({ prepack: 'node ../../tools/refuse-unbuilt-pack.js' });
  });

  it.each(['packages/drift', 'apps/pipeline'])('of %s is refused, naming what is missing', (folder) => {
    const [last, ...others] = entriesOf(folder).toReversed();
    const { status, stderr } = prepack(folder, others);
    expect(status).toBe(1);
    expect(stderr).toContain(`is not built: ${last} missing. Run "npm run build" first.`);
  });

  it('is let through after it', () => {
    expect(prepack('packages/drift', entriesOf('packages/drift'))).toMatchObject({ status: 0, stderr: '' });
  });
});
