import { connectDatabase } from '../connect-database.ts';

/** A Postgres server that somebody else started. */
export interface PostgresServer {
  /** URL of its administrator. */
  readonly url: string;
  /** Major version, such as 15. */
  readonly major: number;
}

/** Where a server is looked for when nobody names one. */
const usual = 'postgres://postgres@127.0.0.1:5432/postgres';

/**
 * Finds the server for suites that need one outside our hands.
 * @param url of a user who may create databases and roles. @default the server on 127.0.0.1:5432
 * @throws SlipwayError `database_unreachable` when nothing answers there: a suite that needs a server never skips
 */
export async function findPostgresServer(url: string = usual): Promise<PostgresServer> {
  const database = await connectDatabase({ url, maxConnections: 1 });
  try {
    const [row] = await database.query<{ version: number }>(
      "SELECT current_setting('server_version_num')::int AS version",
    );
    return { url, major: Math.floor((row?.version ?? 0) / 10_000) };
  } finally {
    await database.close();
  }
}
