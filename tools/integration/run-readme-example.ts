import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createTestDatabase } from '@slipway/database/testing';
import { collapseSpace } from './readme-examples.ts';
import { runProgram } from './run-program.ts';

export interface ExampleRun {
  readonly code: number | null;
  /** White space collapsed, as promises are written. */
  readonly output: string;
  readonly stderr: string;
}

/** Runs an example that was written to a file. One that reads DATABASE_URL gets an empty database of its own. */
export async function runReadmeExample(
  file: string,
  { node = process.execPath, flags = [] }: { node?: string; flags?: readonly string[] } = {},
): Promise<ExampleRun> {
  const needsDatabase = (await readFile(file, 'utf8')).includes('DATABASE_URL');
  const test = needsDatabase ? await createTestDatabase() : undefined;
  try {
    const variables = { PATH: '', NODE_NO_WARNINGS: '1', ...(test && { DATABASE_URL: test.url }) };
    const run = await runProgram(node, [...flags, file], { folder: dirname(file), variables });
    return { code: run.code, output: collapseSpace(run.stdout), stderr: run.stderr };
  } finally {
    await test?.drop();
  }
}
