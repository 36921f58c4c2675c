import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, Socket, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { batchFromRows } from '@slipway/contracts';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  connectDatabase,
  databaseMigrations,
  inlineParameters,
  migrate,
  quoteIdentifier,
  quoteLiteral,
  readBatch,
  readColumns,
  withLease,
  writeBatch,
  type Database,
} from './index.ts';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
  await migrate(database, databaseMigrations);
});
afterAll(() => test.drop());

const columns = [
  { name: 'd', type: 'double' },
  { name: 'l', type: 'long' },
  { name: 'b', type: 'boolean' },
  { name: 's', type: 'string' },
  { name: 't', type: 'datetime' },
] as const;

describe('bulk write and read', () => {
  const table = { schema: 'public', table: 'every type' };
  beforeAll(() =>
    database.execute(
      'CREATE TABLE "every type" (place int8, d float8, l int8, b bool, s text, t timestamptz)',
    ),
  );

  it('return what was written, bit by bit', async () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 20 })
      .filter((value) => value.isWellFormed() && !value.includes('\0'));
    const row = fc.record({
      d: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      l: fc.option(fc.maxSafeInteger()),
      b: fc.option(fc.boolean()),
      s: fc.option(fc.oneof(text, fc.constantFrom('', '😀', 'é', '\\.', 'N', '\t\n'))),
      t: fc.option(fc.maxSafeInteger()),
    });
    const property = fc.asyncProperty(fc.array(row, { maxLength: 40 }), async (rows) => {
      const numbered = rows.map((cells, place) => ({ place, ...cells }));
      const batch = batchFromRows(numbered, [{ name: 'place', type: 'long' }, ...columns]);
      await database.execute('TRUNCATE "every type"');
      await writeBatch(database, table, batch);
      const sql = 'SELECT * FROM "every type"';
      const read = await readBatch(database, { sql, columns: batch.columns, orderBy: ['place'] });
      expect(read).toEqual(batch);
    });
    await fc.assert(property, { numRuns: 60, seed: 20_261_124 });
  });

  it('carry more rows than a chunk holds, ordered by code point whatever the collation', async () => {
    const rows = Array.from({ length: 30_000 }, (_, n) => ({
      d: n,
      s: `${String.fromCharCode(65 + (n % 60))}${n}`,
    }));
    const some = [columns[0], columns[3]];
    await database.execute('TRUNCATE "every type"');
    await writeBatch(database, table, batchFromRows(rows, some));
    const sql = 'SELECT d, s FROM "every type" WHERE d < $1 -- the line may end in a comment';
    const read = await readBatch(database, { sql, parameters: [29_000], columns: some, orderBy: ['s'] });
    const texts = read.columns[1]!.values as string[];
    expect(read.rowCount).toBe(29_000);
    expect(texts).toEqual(texts.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it.each([
    ["'NaN'::float8", 'double'],
    ["'Infinity'::float8", 'double'],
    ['9007199254740993', 'long'],
    ["'infinity'::timestamptz", 'datetime'],
  ] as const)('refuse %s, naming column and row', async (sql, type) => {
    const read = readBatch(database, { sql: `SELECT ${sql} AS x`, columns: [{ name: 'x', type }] });
    await expect(read).rejects.toMatchObject({ code: 'value_unsupported' });
    await expect(read).rejects.toThrow(/"x"/);
  });

  it.each([
    ['double', Infinity],
    ['double', -Infinity],
    ['long', 1.5],
    ['long', 2 ** 53],
    ['datetime', 0.25],
    ['datetime', -(2 ** 53)],
    ['boolean', 2],
    ['string', 'a\ud800'],
    ['string', 'a\0'],
    ['string', 5],
    ['string', undefined],
  ] as const)(
    'refuse to write as %s what would be changed, naming column and row: %j',
    async (type, value) => {
      await database.execute('DROP TABLE IF EXISTS changed');
      await database.execute(
        'CREATE TABLE changed (double float8, long int8, datetime timestamptz, boolean bool, string text)',
      );
      const column =
        type === 'string'
          ? { name: type, type, values: [null, value as unknown as string] }
          : { name: type, type, values: Float64Array.of(NaN, value as number) };
      const batch = { rowCount: 2, columns: [column] };
      const written = writeBatch(database, { schema: 'public', table: 'changed' }, batch);
      await expect(written).rejects.toMatchObject({ code: 'value_unsupported', details: { row: 1 } });
      await expect(written).rejects.toThrow(new RegExp(`Column "${type}", row 1`));
      expect(await database.query('SELECT * FROM changed')).toEqual([]);
    },
  );

  it.each([3, 5_000, 400_000])('that refuse one of %i rows leave the connection usable', async (count) => {
    const single = await connectDatabase({ url: test.url, maxConnections: 1 });
    const query = {
      sql: `SELECT CASE WHEN n = 2 THEN 'NaN'::float8 ELSE n END AS x FROM generate_series(1, ${count}) AS n`,
      columns: [{ name: 'x', type: 'double' }],
    } as const;
    await expect(readBatch(single, query)).rejects.toMatchObject({ code: 'value_unsupported' });
    expect(await single.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await single.execute('CREATE TABLE IF NOT EXISTS before_copy (x int)');
    const failed = single.transaction(async (transaction) => {
      await transaction.execute('INSERT INTO before_copy VALUES (1)');
      await readBatch(transaction, query);
    });
    await expect(failed).rejects.toMatchObject({ code: 'value_unsupported' });
    expect(await single.query('SELECT * FROM before_copy')).toEqual([]);
    await single.close();
  });

  it('whose source throws half-way write nothing and leave the connection usable', async () => {
    const single = await connectDatabase({ url: test.url, maxConnections: 1 });
    await single.execute('CREATE TABLE halfway (d float8)');
    function* chunks(): Generator<Uint8Array> {
      yield Buffer.from('1\n2\n');
      throw new TypeError('source');
    }
    await expect(single.copyIn('COPY halfway FROM STDIN', chunks())).rejects.toThrow();
    expect(await single.query('SELECT * FROM halfway')).toEqual([]);
    await single.close();
  });

  it('write all rows or none', async () => {
    await database.execute('CREATE TABLE strict (d float8 CHECK (d < 5))');
    const batch = batchFromRows([{ d: 1 }, { d: 9 }], [columns[0]]);
    await expect(writeBatch(database, { schema: 'public', table: 'strict' }, batch)).rejects.toThrow();
    expect(await database.query('SELECT count(*)::int AS n FROM strict')).toEqual([{ n: 0 }]);
  });
});

describe('text that becomes SQL', () => {
  it('is one literal or identifier, whatever it holds', async () => {
    const text = fc
      .string({ unit: 'binary' })
      .filter((value) => value.isWellFormed() && !value.includes('\0'));
    const property = fc.asyncProperty(text, async (value) => {
      expect(await database.query(`SELECT ${quoteLiteral(value)} AS x`)).toEqual([{ x: value }]);
      const name = `${Buffer.from(value).subarray(0, 50).toString('latin1').replaceAll('\0', '')}x`;
      expect(
        Object.keys((await database.query(`SELECT 1 AS ${quoteIdentifier(name.slice(0, 30))}`))[0]!),
      ).toEqual([name.slice(0, 30)]);
    });
    await fc.assert(property, { numRuns: 100, seed: 20_261_124 });
  });

  it.each(['a\0b', 'a\udfffb'])('is refused when a statement cannot carry it: %j', (text) => {
    expect(() => quoteLiteral(text)).toThrow(expect.objectContaining({ code: 'value_unsupported' }));
  });

  it('takes parameters outside strings, quoted names, dollar quotes and comments only', () => {
    const sql = `SELECT $1, '$1', "$1", $$ $1 $$, $a$ $1 $a$, $2 -- $1\n /* $1 */`;
    expect(inlineParameters(sql, ["it's", -4])).toBe(
      `SELECT 'it''s', '$1', "$1", $$ $1 $$, $a$ $1 $a$, (-4) -- $1\n /* $1 */`,
    );
  });

  it('puts parameters where Postgres itself does, and nowhere else', async () => {
    // Postgres is the judge: the same text with a bound parameter. Every fragment is a whole expression.
    const fragments = [
      '$1::text',
      "E'it\\'s $1'",
      "e'\\\\' || $1",
      "'\\' || $1 || '$1'",
      "E'a'\n'\\'$1'",
      "E'a' -- $1 '\n  -- it''s\n '\\'$1'",
      "'a'\n'b$1'",
      "U&'\\0041$1'",
      "text'$1'",
      "$$ $1 ' $$",
      '$é$ $$ $1 $é$ || $1',
      '(SELECT 1::text AS "a""$1")',
      '(SELECT a$1 FROM (SELECT 7 AS a$1) AS e)::text',
      "/* ' /* $1 */ $1 ' */ $1::text",
      "'x' -- it's $1\n",
      "'x' -- it's\r || $1::text",
      "'a'--'\n||$1",
    ];
    const values = [
      "' || (SELECT 'injected') || '",
      "\\' || version() || E'\\",
      '$1',
      '*/ 1 /*',
      '$$',
      'plain',
    ];
    const property = fc.asyncProperty(
      fc.array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 6 }),
      fc.constantFrom(...values),
      async (parts, value) => {
        const sql = `SELECT ARRAY[$1::text, ${parts.map((part) => `(${part}\n)`).join(', ')}] AS x`;
        expect(await database.query(inlineParameters(sql, [value]))).toEqual(
          await database.query(sql, [value]),
        );
      },
    );
    await fc.assert(property, { numRuns: 200, seed: 20_261_124 });
    for (const fragment of fragments) await database.query(`SELECT (${fragment}\n), $1::text`, ['plain']);
  });

  it.each([new Date(0), 7n, { a: 1 }, {}, ['a']])(
    'are refused when they are of another type: %s',
    (value) => {
      const wrong = value as unknown as string;
      const refused = expect.objectContaining({
        code: 'invalid_argument',
        message: expect.stringContaining(`received ${typeof value}. Give a time as a text`) as string,
      });
      expect(() => quoteLiteral(wrong)).toThrow(refused);
      expect(() => inlineParameters('SELECT $1', [wrong])).toThrow(refused);
    },
  );

  it('is refused when there is none', () => {
    expect(() => quoteLiteral(undefined as unknown as string)).toThrow(
      expect.objectContaining({ code: 'invalid_argument' }),
    );
  });

  it.each(["SELECT '$1", "SELECT E'\\'$1", 'SELECT "$1', '/* /* */ $1', '$a$ $1 $b$ $1'])(
    'is refused when a string, identifier or comment does not end: %s',
    (sql) => {
      expect(() => inlineParameters(sql, ['x'])).toThrow(
        expect.objectContaining({ code: 'invalid_argument' }),
      );
    },
  );
});

describe('a session', () => {
  it('is in UTC and exact, whatever the settings of the database', async () => {
    const name = quoteIdentifier(new URL(test.url).pathname.slice(1));
    for (const setting of [
      "TimeZone = 'Asia/Tokyo'",
      "DateStyle = 'German, DMY'",
      "IntervalStyle = 'iso_8601'",
      "bytea_output = 'escape'",
      'extra_float_digits = -10',
      'standard_conforming_strings = off',
      "default_transaction_isolation = 'serializable'",
      'quote_all_identifiers = on',
    ])
      await database.execute(`ALTER DATABASE ${name} SET ${setting}`);
    // The settings count for new sessions.
    const other = await connectDatabase({ url: test.url });
    const asked = `SELECT timestamptz '2026-01-01 00:00+00'::text AS time, (0.1::float8 + 0.2)::text AS double,
      '02/03/2026'::date::text AS day, interval '1 day 2 hours'::text AS span, decode('00', 'hex')::text AS bytes,
      '\\n' AS string, format_type('text'::regtype, NULL) AS type, current_setting('transaction_isolation') AS level`;
    expect(await other.query(asked)).toEqual([
      {
        time: '2026-01-01 00:00:00+00',
        double: '0.30000000000000004',
        day: '2026-02-03',
        span: '1 day 02:00:00',
        bytes: '\\x00',
        string: '\\n',
        type: 'text',
        level: 'read committed',
      },
    ]);
    await other.close();
  });
});

describe('the columns of a table', () => {
  it('are read in their order, each with its whole type', async () => {
    await database.execute(
      'CREATE TABLE typed (n bigint, at timestamptz, second timestamptz(0), gone int, word varchar(9), b boolean)',
    );
    await database.execute('ALTER TABLE typed DROP COLUMN gone');
    expect(await readColumns(database, { schema: 'public', table: 'typed' })).toEqual([
      { name: 'n', type: 'bigint' },
      { name: 'at', type: 'timestamptz' },
      { name: 'second', type: 'timestamp(0) with time zone' },
      { name: 'word', type: 'character varying(9)' },
      { name: 'b', type: 'boolean' },
    ]);
    expect(await readColumns(database, { schema: 'public', table: 'never' })).toEqual([]);
  });
});

describe('a transaction', () => {
  it('is undone when its work throws, and refuses a second connection inside', async () => {
    await database.execute('CREATE TABLE undone (x int)');
    const failed = database.transaction(async (transaction) => {
      await transaction.execute('INSERT INTO undone VALUES (1)');
      await database.query('SELECT 1');
    });
    await expect(failed).rejects.toMatchObject({ code: 'nested_connection' });
    expect(await database.query('SELECT * FROM undone')).toEqual([]);
  });

  it('is READ COMMITTED on a server connection that a pooler handed over, with other settings', async () => {
    const handedOver = await connectDatabase({ url: test.url, maxConnections: 1 });
    await handedOver.execute("SET default_transaction_isolation = 'serializable'");
    const asked = "SELECT current_setting('transaction_isolation') AS level";
    const levels = await handedOver.transaction((transaction) => transaction.query(asked));
    expect(levels).toEqual([{ level: 'read committed' }]);
    await handedOver.close();
  });

  it('is repeated after a serialisation failure', async () => {
    let tries = 0;
    await database.transaction(async (transaction) => {
      tries += 1;
      if (tries < 3) await transaction.execute("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$");
    });
    expect(tries).toBe(3);
  });
});

describe('migrations', () => {
  async function writeMigrations(folder: string, statements: readonly string[]): Promise<void> {
    await mkdir(join(folder, 'meta'), { recursive: true });
    const entries = statements.map((_, idx) => ({
      idx,
      version: '7',
      when: idx + 1,
      tag: `000${idx}`,
      breakpoints: true,
    }));
    await writeFile(
      join(folder, 'meta', '_journal.json'),
      JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
    );
    for (const [index, sql] of statements.entries()) await writeFile(join(folder, `000${index}.sql`), sql);
  }

  it('run once however many ask at once; edited and newer ones are refused', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-migrations-'));
    const set = { package: 'made_up', schema: 'made_up', folder: pathToFileURL(`${folder}/`) };
    const statements = ['CREATE SCHEMA made_up', 'CREATE TABLE made_up.one (x int)'];
    await writeMigrations(folder, statements);
    const others = await Promise.all([1, 2, 3].map(() => connectDatabase({ url: test.url })));
    const results = await Promise.all(others.map((other) => migrate(other, set)));
    expect(results.map(({ applied }) => applied).sort()).toEqual([0, 0, 2]);
    await Promise.all(others.map((other) => other.close()));
    await writeMigrations(folder, [statements[0]!, 'CREATE TABLE made_up.two (x int)']);
    await expect(migrate(database, set)).rejects.toMatchObject({ code: 'database_migration_edited' });
    await writeMigrations(folder, [statements[0]!]);
    await expect(migrate(database, set)).rejects.toMatchObject({ code: 'database_schema_newer' });
    await writeMigrations(folder, [...statements, 'CREATE TABLE made_up.three (x int)', 'SELECT 1/0']);
    await expect(migrate(database, set)).rejects.toMatchObject({ code: 'database_query_failed' });
    const found = await database.query("SELECT to_regclass('made_up.three') AS three");
    expect(found).toEqual([{ three: null }]);
    await rm(folder, { recursive: true });
  });
});

describe('a lease', () => {
  const lease = (name: string, holder: string): { name: string; holder: string } => ({ name, holder });

  it('is held by one; another is refused at once, or waits its turn with a greater token', async () => {
    const tokens: number[] = [];
    let waited = false;
    await withLease(database, lease('a', 'first'), async (held) => {
      tokens.push(held.token);
      const refused = withLease(database, lease('a', 'second'), () => Promise.resolve());
      await expect(refused).rejects.toMatchObject({ code: 'lease_held' });
      await expect(refused).rejects.toThrow(/first/);
    });
    let release: () => void = () => undefined;
    const first = withLease(database, lease('a', 'first'), (held) => {
      tokens.push(held.token);
      return new Promise<void>((resolve) => (release = resolve));
    });
    const onWait = (): void => {
      waited = true;
      release();
    };
    const second = withLease(database, { ...lease('a', 'second'), waitMs: 10_000, onWait }, (held) => {
      tokens.push(held.token);
      return Promise.resolve();
    });
    await Promise.all([first, second]);
    expect(waited).toBe(true);
    expect(tokens).toEqual(tokens.toSorted((a, b) => a - b));
    expect(new Set(tokens).size).toBe(3);
  });

  it('that another has taken lets nothing more be written', async () => {
    await database.execute('CREATE TABLE fenced (x text)');
    const work = withLease(database, lease('b', 'slow'), async (held) => {
      await database.execute("UPDATE slipway_leases.lease SET expires_at = '-infinity' WHERE name = 'b'");
      await withLease(database, lease('b', 'quick'), () => Promise.resolve());
      await database.transaction(async (transaction) => {
        await held.fence(transaction);
        await transaction.execute("INSERT INTO fenced VALUES ('late')");
      });
    });
    await expect(work).rejects.toMatchObject({ code: 'lease_lost' });
    expect(await database.query('SELECT * FROM fenced')).toEqual([]);
  });

  it('that its holder has locked is told as held, and lasts its whole time when it is had', async () => {
    await withLease(database, lease('d', 'first'), () => Promise.resolve());
    let unlock: () => void = () => undefined;
    let isLocked: () => void = () => undefined;
    const locked = new Promise<void>((resolve) => (isLocked = resolve));
    const writing = database.transaction(async (transaction) => {
      await transaction.execute("SELECT FROM slipway_leases.lease WHERE name = 'd' FOR UPDATE");
      isLocked();
      await new Promise<void>((resolve) => (unlock = resolve));
    });
    await locked;
    const impatient = withLease(database, lease('d', 'second'), () => Promise.resolve());
    const onWait = vi.fn();
    const third = { ...lease('d', 'third'), leaseMs: 500, waitMs: 10_000, onWait };
    const patient = withLease(database, third, (held) =>
      database.transaction((transaction) => held.fence(transaction)),
    );
    setTimeout(unlock, 700);
    await expect(impatient).rejects.toMatchObject({ code: 'lease_held' });
    await expect(patient).resolves.toBeUndefined();
    expect(onWait).toHaveBeenCalledOnce();
    await writing;
  });

  it.each([undefined, null, 'a\0b'])(
    'is refused without a holder, by whom it would be lost: %j',
    async (holder) => {
      const work = vi.fn();
      const refused = withLease(database, lease('e', holder as string), work);
      await expect(refused).rejects.toMatchObject({ code: 'invalid_argument' });
      await expect(refused).rejects.toThrow('A lease needs a "holder"');
      expect(work).not.toHaveBeenCalled();
    },
  );

  it('is free again when its work throws', async () => {
    const failed = withLease(database, lease('c', 'one'), () => Promise.reject(new Error('work')));
    await expect(failed).rejects.toThrow('work');
    await withLease(database, lease('c', 'two'), () => Promise.resolve());
  });
});

describe('a server that cannot be worked with', () => {
  it('is named without user and password', async () => {
    const connection = connectDatabase({ url: 'postgres://me:very-secret@127.0.0.1:1/nothing' });
    await expect(connection).rejects.toMatchObject({ code: 'database_unreachable', isRetryable: true });
    await expect(connection).rejects.toThrow(/127\.0\.0\.1:1/);
    await expect(connection).rejects.not.toThrow(/very-secret/);
  });

  it.each([
    'postgres://me:very-secret@host:not-a-port/x',
    'mysql://me:very-secret@host/x',
    'postgres://me:very-secret%@127.0.0.1:1/x',
    'me:very-secret@host/x',
  ])('shows nothing of a URL it does not understand, in no field of the error: %s', async (url) => {
    const error: unknown = await connectDatabase({ url }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'configuration_invalid' });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('very-secret');
  });

  it('is given up when it connects, as a pooler does, and never answers', async () => {
    const authenticatedAndReady = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);
    const pooler = createServer((socket) => {
      socket.on('error', () => undefined).once('data', () => socket.write(authenticatedAndReady));
    });
    await new Promise<void>((resolve) => pooler.listen(0, '127.0.0.1', resolve));
    const { port } = pooler.address() as AddressInfo;
    await expect(connectDatabase({ url: `postgres://ada:secret@127.0.0.1:${port}/shop` })).rejects.toThrow(
      expect.objectContaining({
        code: 'database_unreachable',
        message: expect.stringMatching(`127.0.0.1:${port}/shop cannot be reached.*DATABASE_URL`) as string,
      }) as Error,
    );
    await new Promise((resolve) => pooler.close(resolve));
  }, 20_000);

  it('is given up when it takes a connection and never says a word', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const connection = connectDatabase({ url: `postgres://ada@127.0.0.1:${port}/shop`, connectMs: 100 });
    await expect(connection).rejects.toMatchObject({ code: 'database_unreachable' });
    await new Promise((resolve) => silent.close(resolve));
  });

  it('is asked by TCP whether it is still there', async () => {
    const keepAlive = vi.spyOn(Socket.prototype, 'setKeepAlive');
    try {
      const watchful = await connectDatabase({ url: test.url });
      expect(keepAlive).toHaveBeenCalledWith(true, 30_000);
      await watchful.close();
    } finally {
      keepAlive.mockRestore();
    }
  });

  it('is not called unreachable because the pool is busy', async () => {
    const busy = await connectDatabase({ url: test.url, maxConnections: 1, connectMs: 1_000 });
    const long = busy.query('SELECT pg_sleep(2)');
    expect(await busy.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await long;
    await busy.close();
  }, 20_000);

  it('without an answer in time is not asked to roll back: that would take the same time again', async () => {
    const impatient = await connectDatabase({ url: test.url, maxConnections: 1, answerMs: 1_000 });
    const query = vi.spyOn(pg.Client.prototype, 'query');
    const begin = 'BEGIN ISOLATION LEVEL READ COMMITTED';
    const sent = (): unknown[] =>
      query.mock.calls.map(([asked]) => (asked as unknown as { text: string }).text);
    try {
      const work = impatient.transaction((transaction) => transaction.execute('SELECT pg_sleep(60)'));
      await expect(work).rejects.toMatchObject({ code: 'database_unreachable' });
      expect(sent()).toEqual([begin, 'SELECT pg_sleep(60)']);
      await expect(impatient.transaction(() => Promise.reject(new Error('work')))).rejects.toThrow('work');
      expect(sent().slice(-2)).toEqual([begin, 'ROLLBACK']);
    } finally {
      query.mockRestore();
      await impatient.close();
    }
  }, 20_000);

  it('may take longer for a COPY than for a statement', async () => {
    const impatient = await connectDatabase({ url: test.url, maxConnections: 1, answerMs: 1_000 });
    const chunks: string[] = [];
    await impatient.copyOut("COPY (SELECT 'late' FROM pg_sleep(1.5)) TO STDOUT", (chunk) =>
      chunks.push(Buffer.from(chunk).toString()),
    );
    expect(chunks.join('')).toBe('late\n');
    expect(await impatient.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await impatient.close();
  }, 20_000);

  it('without an answer in time costs its connection and no other', async () => {
    const impatient = await connectDatabase({ url: test.url, maxConnections: 1, answerMs: 1_000 });
    await expect(impatient.query('SELECT pg_sleep(60)')).rejects.toMatchObject({
      code: 'database_unreachable',
    });
    expect(await impatient.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await impatient.close();
  }, 20_000);

  it('refuses a wrong password, a missing database, and a URL of another kind', async () => {
    const wrong = connectDatabase({ url: test.url.replace(/:[0-9a-f]+@/, ':wrong@') });
    await expect(wrong).rejects.toMatchObject({ code: 'database_auth_failed' });
    const missing = connectDatabase({ url: test.url.replace(/test_[0-9a-f]+$/, 'no_such_database') });
    await expect(missing).rejects.toMatchObject({ code: 'database_unreachable' });
    const other = connectDatabase({ url: 'mysql://localhost/x' });
    await expect(other).rejects.toMatchObject({ code: 'configuration_invalid' });
  });
});
