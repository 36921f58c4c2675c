import { AsyncLocalStorage } from 'node:async_hooks';
import { SlipwayError } from '@slipway/contracts';
import pg from 'pg';
import { copyFrom, copyTo } from './copy-streams.ts';
import type { Database, Queryable, Transaction } from './database.ts';
import { toSlipwayError, type Server } from './database-error.ts';

/** The oldest Postgres major that is supported. */
export const oldestMajor = 15;

/** Milliseconds for a connection, and for the first answer on it: a pooler connects although its server is away. */
const [connectMs, firstAnswerMs] = [6_000, 4_000];

const retriedStates = new Set(['40001', '40P01']);
const mostTries = 5;

/**
 * Connects to Postgres and checks that it can be worked with.
 * @param options.maxConnections size of the pool. @default 4
 * @param options.answerMs milliseconds after which a statement without an answer fails and its connection is given up.
 * @default none: long work is no failure
 * @throws SlipwayError `database_unreachable`, `database_auth_failed`, `database_too_old`, `database_encoding`
 */
export async function connectDatabase(options: {
  readonly url: string;
  readonly applicationName?: string;
  readonly maxConnections?: number;
  readonly answerMs?: number;
  /** What to call the server in messages. @default host, port and database of the URL */
  readonly location?: string;
}): Promise<Database> {
  const { url, applicationName = 'slipway', maxConnections = 4, answerMs } = options;
  const server = describeServer(url, options.location);
  const pool = new pg.Pool({
    connectionString: url,
    application_name: applicationName,
    max: maxConnections,
    connectionTimeoutMillis: connectMs,
    query_timeout: answerMs,
    client_encoding: 'UTF8',
    // A pool that outlives its work must not keep the process alive.
    allowExitOnIdle: true,
  });
  // An idle connection that breaks is replaced by the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  const database = createDatabase(pool, url, server);
  try {
    await checkServer(pool, server);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return database;
}

/** Host, port, database and user of a URL, without the password. @throws SlipwayError `configuration_invalid` */
function describeServer(url: string, location: string | undefined): Server {
  const parsed = URL.parse(url);
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol) || !isDecodable(parsed)) {
    // Without a cause: the error of the parser quotes the URL, and with it the password.
    throw new SlipwayError('configuration_invalid', {
      what: 'The database URL was not understood',
      expected: 'postgres://user:password@host:5432/database, with special characters percent-encoded',
      next: 'Correct DATABASE_URL',
    });
  }
  const { hostname, port, pathname, username } = parsed;
  const where = location ?? `${hostname}:${port || 5432}${pathname}`;
  return { where, role: username === '' ? undefined : decodeURIComponent(username) };
}

/** A lone "%" in user, password or database passes the URL parser and not the driver. */
function isDecodable({ username, password, pathname }: URL): boolean {
  try {
    decodeURIComponent(username + password + pathname);
    return true;
  } catch {
    return false;
  }
}

async function checkServer(pool: pg.Pool, server: Server): Promise<void> {
  const text =
    "SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding";
  const asked = { text, query_timeout: firstAnswerMs };
  const { rows } = await pool.query<{ version: number; encoding: string }>(asked).catch((error: unknown) => {
    throw toSlipwayError(error, server, text);
  });
  const [row] = rows;
  const major = Math.floor((row?.version ?? 0) / 10_000);
  if (major < oldestMajor) {
    throw new SlipwayError('database_too_old', {
      what: 'The database server is too old',
      expected: `PostgreSQL ${oldestMajor} or newer`,
      received: `PostgreSQL ${major}`,
    });
  }
  if (row?.encoding !== 'UTF8') {
    throw new SlipwayError('database_encoding', {
      what: 'The database does not store UTF-8',
      expected: 'server_encoding UTF8',
      received: row?.encoding ?? 'unknown',
      next: 'Create a database with ENCODING UTF8',
    });
  }
}

function createDatabase(pool: pg.Pool, url: string, server: Server): Database {
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
      return await work(createQueryable(client, server));
    } catch (error) {
      isLost = SlipwayError.isInstance(error) && error.code === 'database_unreachable';
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
  await queryable.execute('BEGIN');
  try {
    const result = await work(queryable);
    await queryable.execute('COMMIT');
    return result;
  } catch (error) {
    await queryable.execute('ROLLBACK').catch(() => undefined);
    throw error;
  }
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

function createQueryable(client: pg.PoolClient, server: Server): Queryable {
  const guard = async <T>(statement: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw toSlipwayError(error, server, statement);
    }
  };
  return {
    query: <Row extends object>(sql: string, parameters: readonly unknown[] = []) =>
      guard(
        sql,
        async () =>
          (await client.query<Row & pg.QueryResultRow>(sql, [...parameters])).rows as readonly Row[],
      ),
    execute: (sql, parameters = []) =>
      guard(sql, async () => (await client.query(sql, [...parameters])).rowCount ?? 0),
    copyIn: (sql, chunks) => guard(sql, () => copyFrom(client, sql, chunks)),
    copyOut: (sql, onChunk) => guard(sql, () => copyTo(client, sql, onChunk)),
  };
}
