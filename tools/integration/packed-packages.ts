import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './run-program.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The parts of a package.json that its consumers meet. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly sideEffects: boolean | readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package as npm would publish it. */
export interface PackedPackage {
  /** Relative to the root, for example `packages/drift`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Absolute path of the .tgz file. */
  readonly tarball: string;
  /** Paths inside it, sorted. */
  readonly files: readonly string[];
}

/** What `nx release` publishes: every package and every app. */
export const publishableFolders: readonly string[] = ['packages', 'apps'].flatMap((row) =>
  readdirSync(join(root, row)).map((name) => `${row}/${name}`),
);

export const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;

/** Builds from nothing, so that no output of a deleted source is packed, and packs into a folder. */
export async function packPackages(into: string): Promise<ReadonlyMap<string, PackedPackage>> {
  await npm(['run', 'build:fresh']);
  const folders = publishableFolders.map((folder) => join(root, folder));
  const output = await npm(['pack', '--json', '--pack-destination', into, ...folders]);
  const reports = JSON.parse(output) as { name: string; filename: string; files: { path: string }[] }[];
  const packed = publishableFolders.map((folder): PackedPackage => {
    const manifest = readManifest(folder);
    const report = reports.find(({ name }) => name === manifest.name)!;
    const files = report.files.map(({ path }) => path).sort();
    return { folder, manifest, tarball: join(into, report.filename), files };
  });
  return new Map(packed.map((one) => [one.manifest.name, one]));
}

async function npm(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram('npm', args, { folder: root, variables: process.env });
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`);
  return stdout;
}
