import { randomBytes } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { connectDatabase } from '../connect-database.ts';
import type { Database } from '../database.ts';
import { ensureEmbeddedServer } from '../embedded/index.ts';

/** A database of a test's own, on a server that all tests share. */
export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  /** Closes the connection and drops the database. */
  readonly drop: () => Promise<void>;
}

/**
 * Makes an empty database on the embedded server for tests (started on first use, without fsync).
 * @param options.template URL of a test database to copy; nobody may be connected to it
 * @param options.directory folder of the server. @default one that all tests share
 */
export async function createTestDatabase({
  template,
  directory = join(tmpdir(), `slipway-test-${userInfo().username}`),
}: { template?: string; directory?: string } = {}): Promise<TestDatabase> {
  const server = await ensureEmbeddedServer({
    directory,
    idleSeconds: 30,
    deadlineSeconds: 60,
    fsync: false,
  });
  const name = `test_${randomBytes(8).toString('hex')}`;
  const copied = template === undefined ? '' : ` TEMPLATE ${new URL(template).pathname.slice(1)}`;
  await administer(server.url, `CREATE DATABASE ${name}${copied}`);
  const url = server.url.replace(/\/postgres$/, `/${name}`);
  const database = await connectDatabase({ url, applicationName: 'slipway test' });
  const drop = async (): Promise<void> => {
    await database.close();
    await administer(server.url, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  return { database, url, drop };
}

async function administer(url: string, statement: string): Promise<void> {
  const database = await connectDatabase({ url, maxConnections: 1 });
  try {
    await database.execute(statement);
  } finally {
    await database.close();
  }
}
