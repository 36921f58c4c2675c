import { readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readmeExamples } from './readme-examples.ts';
import { runReadmeExample } from './run-readme-example.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the examples of the READMEs print what they promise', () => {
  it.each(readdirSync(join(root, 'packages')))('packages/%s', async (name) => {
    const folder = join(root, 'packages', name);
    const examples = readmeExamples(folder);
    expect(examples.length).toBeGreaterThan(0);
    for (const [index, { code, output }] of examples.entries()) {
      const file = join(folder, `readme-example-${process.pid}-${index}.ts`);
      await writeFile(file, code);
      try {
        const run = await runReadmeExample(file, { flags: ['--conditions=@slipway/source'] });
        expect(run).toEqual({ code: 0, output: expect.stringMatching(output), stderr: '' });
      } finally {
        await rm(file);
      }
    }
  });
});
