import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const docs = fileURLToPath(new URL('../docs/', import.meta.url));

it('gives every vector its digest in a program that follows it and shares no code with this package', () => {
  const file = `${docs}digest-vectors.json`;
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as {
    vectors: { name: string; digest: string }[];
  };
  const printed = execFileSync('python3', ['-B', `${docs}digest.py`, file], { encoding: 'utf8' });
  expect(printed.trim().split('\n')).toEqual(vectors.map(({ name, digest }) => `${digest}  ${name}`));
});
