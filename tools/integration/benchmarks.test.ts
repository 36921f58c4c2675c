import { fileURLToPath } from 'node:url';
import { createTestDatabase } from '@slipway/database/testing';
import { describe, expect, it } from 'vitest';
import { runProgram } from './run-program.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

async function bench(args: readonly string[]): ReturnType<typeof runProgram> {
  const { url, drop } = await createTestDatabase();
  const program = ['--conditions=@slipway/source', 'tools/benchmarks/main.ts', ...args];
  try {
    return await runProgram(process.execPath, program, { folder: root, variables: { DATABASE_URL: url } });
  } finally {
    await drop();
  }
}

describe('npm run bench', () => {
  it('-- features ends with its ratios and figures, in one line for programs', async () => {
    const { code, stdout, stderr } = await bench(['features', '--rows', '2000', '--rounds', '1']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
      bench: 'features',
      ratios: { 'time vs copy': expect.any(Number) },
      figures: expect.objectContaining({ rows: 2000, 'peak MiB': expect.any(Number) }),
    });
    expect(stdout).toMatch(/^\| feature table +\| 2,000 /m);
  });

  it('-- datasets as well, beside both peers', async () => {
    const { code, stdout, stderr } = await bench(['datasets', '--rows', '2000', '--rounds', '1']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
      bench: 'datasets',
      ratios: {
        'time vs create table as': expect.any(Number),
        'time vs create table as with sha256': expect.any(Number),
        'node memory at 2000 vs 200 rows': expect.any(Number),
      },
      figures: expect.objectContaining({ rows: 2000, 'peak MiB': expect.any(Number) }),
    });
    expect(stdout).toMatch(/^\| create table as, sha256 of rows \| 2,000 /m);
  });

  it('-- training beside ml-random-forest and scikit-learn', async () => {
    const { code, stdout, stderr } = await bench(['training', '--rows', '400', '--rounds', '1']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
      bench: 'training',
      ratios: {
        'time vs ml-random-forest': expect.any(Number),
        'time vs scikit-learn': expect.any(Number),
        'memory vs scikit-learn': expect.any(Number),
        'rmse vs scikit-learn': expect.any(Number),
        'growth from 40 to 400 rows vs scikit-learn': expect.any(Number),
      },
      figures: expect.objectContaining({ rows: 400, rmse: expect.any(Number) }),
    });
  });

  it('-- prediction beside onnxruntime and scikit-learn', async () => {
    const { code, stdout, stderr } = await bench(['prediction', '--rows', '6000', '--rounds', '1']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { ratios } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { ratios: object };
    expect(Object.keys(ratios)).toEqual([
      'batch time vs scikit-learn, 10 levels',
      'one-row time vs onnxruntime, 10 levels',
      'batch time vs scikit-learn, fully grown',
      'one-row time vs onnxruntime, fully grown',
    ]);
  });

  it.each([[['none']], [['features', '--rows', '0']], [['features', '--rounds', 'many']]])(
    'says what it takes when it was asked for %j',
    async (args) => {
      const { code, stderr } = await bench(args);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^npm run bench -- .*features.* \[--rows n\] \[--rounds n\] \[--embedded\]\n$/);
    },
  );
});
