import { AsyncLocalStorage } from 'node:async_hooks';
import { SlipwayError } from '@slipway/contracts';
import type pg from 'pg';
import { copyFrom, copyTo } from './copy-streams.ts';
import { toSlipwayError, type Server } from './database-error.ts';
import type { Database, Queryable, Transaction } from './database.ts';

const retriedStates = new Set(['40001', '40P01']);
const mostTries = 5;

/** Where statements go, and the milliseconds that each may take. */
interface Limits {
  readonly server: Server;
  readonly answerMs: number | undefined;
}

/** A database on a pool of connections that are taken for a statement or a transaction each. */
export function createPooledDatabase(pool: pg.Pool, url: string, limits: Limits): Database {
  const { server } = limits;
  const inside = new AsyncLocalStorage<true>();
  let closing: Promise<void> | undefined;
  const withClient = async <T>(work: (queryable: Queryable) => Promise<T>): Promise<T> => {
    if (inside.getStore() === true) {
      throw new SlipwayError('nested_connection', {
        what: 'A second connection was asked for inside a transaction',
        expected: 'the transaction handle',
        next: 'Pass the handle on: a small pool would wait for itself for ever',
      });
    }
    const client = await pool.connect().catch((error: unknown) => {
      throw toSlipwayError(error, server);
    });
    let broken: Error | undefined;
    let isLost = false;
    const onError = (error: Error): void => void (broken ??= error);
    client.on('error', onError);
    try {
      return await work(createQueryable(client, limits));
    } catch (error) {
      isLost = isUnreachable(error);
      throw broken === undefined ? error : toSlipwayError(broken, server);
    } finally {
      client.off('error', onError);
      // A statement that got no answer still occupies its connection: nobody else may wait behind it.
      client.release(broken ?? isLost);
    }
  };
  return {
    url,
    query: (sql, parameters) => withClient((queryable) => queryable.query(sql, parameters)),
    execute: (sql, parameters) => withClient((queryable) => queryable.execute(sql, parameters)),
    copyIn: (sql, chunks) => withClient((queryable) => queryable.copyIn(sql, chunks)),
    copyOut: (sql, onChunk) => withClient((queryable) => queryable.copyOut(sql, onChunk)),
    transaction: (work) =>
      retry(() => withClient((queryable) => inside.run(true, () => runTransaction(queryable, work)))),
    close: () => (closing ??= pool.end()),
  };
}

async function runTransaction<T>(
  queryable: Queryable,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  // Said here too: behind a pooler the setting of a session stays on one server connection, and the next has that of the role.
  await queryable.execute('BEGIN ISOLATION LEVEL READ COMMITTED');
  try {
    const result = await work(queryable);
    await queryable.execute('COMMIT');
    return result;
  } catch (error) {
    // A connection that gave no answer would give none to this: it is dropped, and the server rolls back.
    if (!isUnreachable(error)) await queryable.execute('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function isUnreachable(error: unknown): boolean {
  return SlipwayError.isInstance(error) && error.code === 'database_unreachable';
}

async function retry<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const state = SlipwayError.isInstance(error) ? error.details['sqlState'] : undefined;
      if (tries >= mostTries || !retriedStates.has(String(state))) throw error;
    }
  }
}

function createQueryable(client: pg.PoolClient, { server, answerMs }: Limits): Queryable {
  const guard = async <T>(statement: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw toSlipwayError(error, server, statement);
    }
  };
  const run = <Row extends pg.QueryResultRow>(
    text: string,
    parameters: readonly unknown[] = [],
  ): Promise<pg.QueryResult<Row>> => {
    // Here and not for the pool: the driver's limit does not know when a COPY ends, and fails it later.
    const query = { text, values: [...parameters], query_timeout: answerMs };
    return guard(text, () => client.query<Row>(query));
  };
  return {
    query: async <Row extends object>(sql: string, parameters?: readonly unknown[]) =>
      (await run<Row & pg.QueryResultRow>(sql, parameters)).rows as readonly Row[],
    execute: async (sql, parameters) => (await run(sql, parameters)).rowCount ?? 0,
    copyIn: (sql, chunks) => guard(sql, () => copyFrom(client, sql, chunks)),
    copyOut: (sql, onChunk) => guard(sql, () => copyTo(client, sql, onChunk)),
  };
}
