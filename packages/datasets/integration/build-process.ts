import { connectDatabase, type Database, type Queryable, type Transaction } from '@slipway/database';
import { buildTrainTest } from '../src/index.ts';
import { relationOf, split } from './made-up-relation.ts';

/** When a process kills itself: around its statement of that number, from 1. */
export interface Death {
  readonly statement: number;
  readonly moment: 'before' | 'sent' | 'answered';
}

interface Task {
  readonly url: string;
  readonly round: number;
  readonly rows: number;
  readonly death?: Death;
}

const { url, round, rows, death } = JSON.parse(process.argv[2] ?? '') as Task;
const database = await connectDatabase({ url, maxConnections: 1 });
let statements = 0;

/** Ends this process as kill -9 would: no handler runs, and the server learns of it by the broken connection. */
function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

async function around<T>(work: () => Promise<T>): Promise<T> {
  statements += 1;
  const isLast = statements === death?.statement;
  if (isLast && death.moment === 'before') die();
  const answer = work();
  // The statement leaves when the event loop turns; what it does to the server goes on without us.
  if (isLast && death.moment === 'sent') setImmediate(die);
  const result = await answer;
  if (isLast && death.moment === 'answered') die();
  return result;
}

const watched = (queryable: Queryable): Transaction => ({
  ...queryable,
  query: (sql, parameters) => around(() => queryable.query(sql, parameters)),
  execute: (sql, parameters) => around(() => queryable.execute(sql, parameters)),
});
const mortal: Database = {
  ...database,
  transaction: (work) => database.transaction((transaction) => work(watched(transaction))),
};

const { train, test } = await buildTrainTest(mortal, { relation: relationOf(round, rows), split });
await database.close();
console.log(JSON.stringify({ train, test, statements }));
