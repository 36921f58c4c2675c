import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PackedPackage } from './packed-packages.ts';
import { root } from './packed-packages.ts';
import { runProgram, type ProgramResult } from './run-program.ts';

/** A consumer's project outside this repository. */
export interface ScratchProject {
  readonly folder: string;
  /** Names of all packages that the install brought, without the declarations of Node. */
  readonly modules: readonly string[];
  write(file: string, text: string): Promise<void>;
  /** Checks all its files under `strict`, and the declarations of all libraries they reach. */
  typeCheck(): Promise<ProgramResult>;
}

/** The strictest consumer: no flag relaxes what our declarations must satisfy. */
const tsconfig = {
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    noEmit: true,
  },
  include: ['**/*.ts'],
};

/** Installs packages from their tarballs; what they need of each other comes from tarballs too. */
export async function createScratchProject(
  parent: string,
  packed: ReadonlyMap<string, PackedPackage>,
  install: readonly string[],
): Promise<ScratchProject> {
  const folder = await mkdtemp(join(parent, 'project-'));
  const specs = Object.fromEntries([...packed].map(([name, { tarball }]) => [name, `file:${tarball}`]));
  const manifest = {
    private: true,
    type: 'module',
    dependencies: Object.fromEntries(install.map((name) => [name, specs[name]])),
    devDependencies: { '@types/node': '^24' },
    overrides: specs,
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  await npmInstall(folder);
  return {
    folder,
    modules: await installedModules(folder),
    async write(file, text) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    },
    typeCheck: () =>
      runProgram(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
        folder,
        variables: {},
      }),
  };
}

/** Installs a published package, for example another Node, and returns the folder it lies in. */
export async function installPublished(parent: string, spec: string): Promise<string> {
  const folder = join(parent, 'published');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  await npmInstall(folder, spec);
  return join(folder, 'node_modules');
}

/** Without install scripts: nothing of ours needs them. */
async function npmInstall(folder: string, ...specs: string[]): Promise<void> {
  const flags = ['--prefer-offline', '--ignore-scripts', '--no-progress', '--prefix', folder];
  const run = await runProgram('npm', ['install', ...flags, ...specs], { folder, variables: process.env });
  if (run.code !== 0) throw new Error(`npm install ended with ${run.code}\n${run.stdout}\n${run.stderr}`);
}

async function installedModules(folder: string): Promise<string[]> {
  const lock = await readFile(join(folder, 'node_modules/.package-lock.json'), 'utf8');
  const { packages } = JSON.parse(lock) as { packages: Record<string, unknown> };
  const names = Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13));
  return [...new Set(names)].filter((name) => name !== '@types/node' && name !== 'undici-types').sort();
}
