import { SlipwayError } from '@slipway/contracts';
import pg from 'pg';
import { createPooledDatabase } from './create-pooled-database.ts';
import type { Database } from './database.ts';
import { toSlipwayError, type Server } from './database-error.ts';

/** The oldest Postgres major that is supported. */
export const oldestMajor = 15;

/** Milliseconds for the first answer on a connection: a pooler connects although its server is away. */
const firstAnswerMs = 4_000;
/** A host that says nothing for this long is asked by TCP, and given up some ten seconds later: it may be gone. */
const keepAliveInitialDelayMillis = 30_000;

/**
 * What the meaning of a literal, casts between texts, times, numbers and bytes, names as the server writes them, and what a
 * transaction sees depend on; a role, a database or a server may set it otherwise.
 */
const sessionSettings = [
  "TimeZone = 'UTC'",
  "DateStyle = 'ISO, MDY'",
  "IntervalStyle = 'postgres'",
  "bytea_output = 'hex'",
  'extra_float_digits = 1',
  'standard_conforming_strings = on',
  // What is read after a wait for a lock shows what came meanwhile: builds, loads and migrations rely on it. For single
  // statements; a transaction says so itself.
  "default_transaction_isolation = 'read committed'",
  // `format_type()` would quote names of types, and every table look changed.
  'quote_all_identifiers = off',
]
  .map((setting) => `SET ${setting}`)
  .join('; ');

/**
 * Connects to Postgres and checks that it can be worked with. Every session is in UTC, reads strings as the standard says and
 * writes doubles exactly, whatever the settings of the role, so that a table, a digest or a file does not depend on who made
 * it. Behind a pooler in transaction mode transactions are READ COMMITTED all the same; PgBouncer keeps UTC and ISO dates, and
 * the rest is as the role has it.
 * @param options.maxConnections size of the pool. @default 4
 * @param options.connectMs milliseconds for a connection; the wait for a free one of the pool has no limit. @default 6_000
 * @param options.answerMs milliseconds after which a statement without an answer fails and its connection is given up, a
 * wait for a lock (as in {@link migrate}) included; COPY has no limit. @default none: long work is no failure
 * @throws SlipwayError `database_unreachable`, `database_auth_failed`, `database_too_old`, `database_encoding`
 */
export async function connectDatabase(options: {
  readonly url: string;
  readonly applicationName?: string;
  readonly maxConnections?: number;
  readonly connectMs?: number;
  readonly answerMs?: number;
  /** What to call the server in messages. @default host, port and database of the URL */
  readonly location?: string;
}): Promise<Database> {
  const { url, applicationName = 'slipway', maxConnections = 4, connectMs = 6_000, answerMs } = options;
  const server = describeServer(url, options.location);
  const pool = new pg.Pool({
    connectionString: url,
    application_name: applicationName,
    max: maxConnections,
    Client: clientWithin(connectMs),
    keepAlive: true,
    keepAliveInitialDelayMillis,
    client_encoding: 'UTF8',
    onConnect: settleSession,
    // A pool that outlives its work must not keep the process alive.
    allowExitOnIdle: true,
  });
  // An idle connection that breaks is replaced by the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  try {
    const identity = await checkServer(pool, server);
    return createPooledDatabase(pool, url, { server: { ...server, ...identity }, answerMs });
  } catch (error) {
    await pool.end();
    throw error;
  }
}

async function settleSession(client: pg.ClientBase): Promise<void> {
  const asked = { text: sessionSettings, query_timeout: firstAnswerMs };
  await client.query(asked);
}

/** A client that limits its own connection: the limit of a pool counts the wait for a free client too. */
function clientWithin(connectMs: number): new (config?: pg.ClientConfig) => pg.Client {
  return class extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super({ ...config, connectionTimeoutMillis: connectMs });
    }
  };
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
  return { where, role: username === '' ? undefined : decodeURIComponent(username), groups: [] };
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

interface Answer extends Identity {
  readonly version: number;
  readonly encoding: string;
}

type Identity = Pick<Server, 'role' | 'groups'>;

/** The roles that PostgreSQL brings are nobody's to grant tables to. */
const question = `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
  current_user::text AS role, ARRAY(SELECT pg_get_userbyid(roleid)::text FROM pg_auth_members
    WHERE pg_get_userbyid(member) = current_user AND pg_get_userbyid(roleid) !~ '^pg_' ORDER BY 1) AS groups`;

/** @returns whose rights count: a role setting or a pooler may have made it another than the user of the URL */
async function checkServer(pool: pg.Pool, server: Server): Promise<Identity> {
  const asked = { text: question, query_timeout: firstAnswerMs };
  const { rows } = await pool.query<Answer>(asked).catch((error: unknown) => {
    throw toSlipwayError(error, server, question);
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
  return { role: row.role, groups: row.groups };
}
