import { expect, it } from 'vitest';
import { defineFeatureTable } from './define-feature-table.ts';
import { givenRows } from './given-rows.ts';
import { createReadProblems } from './read-problems.ts';
import { stagedBatches } from './staged-batches.ts';

it('gives rows of long texts in batches that do not fill the memory', async () => {
  const table = defineFeatureTable({
    name: 'pages',
    owner: 'tests',
    entityKey: ['id'],
    columns: { id: { type: 'long' }, text: { type: 'string' } },
  });
  const text = 'x'.repeat(1_000_000);
  const rows = Array.from({ length: 40 }, (_, id) => ({ id, text }));
  const counts: number[] = [];
  const problems = createReadProblems('row');
  for await (const { rowCount } of stagedBatches(table, givenRows(table, rows), { problems }))
    counts.push(rowCount);
  expect(counts).toEqual([34, 6]);
  expect(problems.rowCount()).toBe(40);
});
