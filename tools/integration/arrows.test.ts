import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Lints a text as if it stood at that path of the repository, with the command that `npm run lint` uses. */
function lint(path: string, text: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const eslint = `${root}node_modules/eslint/bin/eslint.js`;
    const child = spawn(process.execPath, [eslint, '--stdin', '--stdin-filename', path], { cwd: root });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('close', (code) => resolve({ code, output }));
    child.stdin.end(text);
  });
}

const use = (name: string): string => `import * as other from '${name}';\n\nexport const used = other;\n`;

describe('an import against the arrows fails the lint', () => {
  it.each([
    ['packages/contracts/src/index.ts', '@slipway/database', /Circular dependency/],
    ['packages/models/src/index.ts', '@slipway/evaluation', /can only depend on/],
    ['packages/datasets/src/index.ts', '@slipway/features', /can only depend on/],
    ['packages/training/src/index.ts', '@slipway/datasets', /can only depend on/],
    ['packages/deployment/src/index.ts', '@slipway/serving', /can only depend on/],
    ['apps/serving/src/main.ts', '@slipway/training', /can only depend on/],
    ['packages/drift/src/index.ts', '@slipway/database', /The main entry stands without the database/],
    ['packages/drift/src/index.ts', './postgres/index.ts', /may not import its subpath/],
    [
      'packages/registry-client/src/index.ts',
      '@slipway/database',
      /The main entry stands without the database/,
    ],
    ['packages/registry-client/src/index.ts', './embedded/index.ts', /may not import its subpath/],
    ['packages/features/src/index.ts', 'pg', /Only database may import pg/],
    [
      'packages/datasets/src/index.ts',
      '@slipway/database/embedded',
      /Only apps\/pipeline starts the embedded/,
    ],
  ])('%s <- %s', async (path, name, message) => {
    const { code, output } = await lint(path, use(name));
    expect(output).toMatch(message);
    expect(code).toBe(1);
  });

  it.each([
    ['packages/drift/src/postgres/index.ts', '@slipway/database'],
    ['packages/registry-client/src/embedded/index.ts', '@slipway/database'],
    ['apps/pipeline/src/main.ts', '@slipway/deployment'],
  ])('%s <- %s is allowed', async (path, name) => {
    expect(await lint(path, use(name))).toEqual({ code: 0, output: '' });
  });

  it.each([
    ['packages/drift/src/index.ts', '@slipway/database'],
    ['packages/features/src/index.ts', 'pg'],
  ])('so does a dynamic one: %s <- %s', async (path, name) => {
    const { output } = await lint(path, `export const later = await import('${name}');\n`);
    expect(output).toMatch(/Import at the top of the file/);
  });

  it.each([
    "export const url = process.env['DATABASE_URL'];\n",
    'const { env } = process;\nexport const url = env;\n',
    "import { env } from 'node:process';\n\nexport const url = env;\n",
  ])('so does reading the environment outside a main.ts: %s', async (text) => {
    expect((await lint('packages/database/src/index.ts', text)).output).toMatch(/reads the environment/);
    expect((await lint('apps/pipeline/src/main.ts', text)).code).toBe(0);
  });
});
