import { connectDatabase, type Database, type Queryable } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePredictionTable } from './prediction-table.ts';

let test: TestDatabase;
let other: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  other = await connectDatabase({ url: test.url });
}, 60_000);
afterAll(async () => {
  await other.close();
  await test.drop();
});

const ensure = (queryable: Queryable): Promise<void> =>
  ensurePredictionTable(queryable, { schema: 'public', table: 'scores' }, [{ name: 'id', type: 'long' }]);

describe('a new table of predictions', () => {
  it('is made once by two scorings that begin at once: the second waits for the first', async () => {
    const order: string[] = [];
    let second: Promise<void> | undefined;
    await test.database.transaction(async (transaction) => {
      await ensure(transaction);
      second = other.transaction(ensure).finally(() => order.push('second'));
      while (!(await isSomebodyWaiting(transaction))) await new Promise(setImmediate);
      order.push('first');
    });
    await second;
    expect(order).toEqual(['first', 'second']);
  });
});

async function isSomebodyWaiting(queryable: Queryable): Promise<boolean> {
  const waiting = await queryable.query(
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return waiting.length > 0;
}
