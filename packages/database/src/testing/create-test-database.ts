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

export interface TestDatabaseOptions {
  /** URL of a test database to copy; nobody may be connected to it. */
  readonly template?: string;
  /** URL of a server whose user may create databases. @default the embedded server for tests, without fsync */
  readonly server?: string;
  /** Folder of the embedded server. @default one that all tests share */
  readonly directory?: string;
}

/** Makes an empty database for a test. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { template, directory = join(tmpdir(), `slipway-test-${userInfo().username}`) } = options;
  const server = options.server ?? (await ensureTestServer(directory));
  const name = `test_${randomBytes(8).toString('hex')}`;
  const copied = template === undefined ? '' : ` TEMPLATE ${new URL(template).pathname.slice(1)}`;
  await administer(server, `CREATE DATABASE ${name}${copied}`);
  const url = withDatabaseName(server, name);
  const database = await connectDatabase({ url, applicationName: 'slipway test' });
  const drop = async (): Promise<void> => {
    await database.close();
    await administer(server, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  return { database, url, drop };
}

async function ensureTestServer(directory: string): Promise<string> {
  const { url } = await ensureEmbeddedServer({
    directory,
    idleSeconds: 30,
    deadlineSeconds: 60,
    fsync: false,
  });
  return url;
}

function withDatabaseName(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function administer(url: string, statement: string): Promise<void> {
  const database = await connectDatabase({ url, maxConnections: 1 });
  try {
    await database.execute(statement);
  } finally {
    await database.close();
  }
}
