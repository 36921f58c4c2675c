import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databaseMigrations, migrate } from '../src/index.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/index.ts';

const script = fileURLToPath(new URL('stopped-holder.ts', import.meta.url));
const leaseMs = 2_000;
let test: TestDatabase;
const holders: Holder[] = [];

/** A process that holds the lease. */
interface Holder {
  readonly child: ChildProcess;
  /** Tells it something and gives its next line. */
  say(word: 'write' | 'end'): Promise<string>;
  readonly ready: Promise<string>;
}

beforeAll(async () => {
  test = await createTestDatabase();
  await migrate(test.database, databaseMigrations);
  await test.database.execute('CREATE TABLE protected (holder int, token bigint)');
});
beforeEach(() => test.database.execute('TRUNCATE protected'));
afterEach(() => {
  for (const { child } of holders.splice(0)) child.kill('SIGKILL');
});
afterAll(() => test.drop());

function startHolder(milliseconds: number): Holder {
  const parts = JSON.stringify({ url: test.url, leaseMs: milliseconds });
  const child = spawn(process.execPath, ['--conditions=@slipway/source', script, parts], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: '' },
  });
  const lines = createInterface({ input: child.stdout });
  const next = (): Promise<string> => new Promise((resolve) => lines.once('line', resolve));
  const holder: Holder = {
    child,
    ready: next(),
    say: (word) => {
      const answer = next();
      child.stdin.write(`${word}\n`);
      return answer;
    },
  };
  holders.push(holder);
  return holder;
}

/** Waits until the lease has run out by the database's own clock. */
async function waitForExpiry(): Promise<void> {
  const expired = async (): Promise<boolean | undefined> => {
    const [row] = await test.database.query<{ expired: boolean }>(
      "SELECT expires_at <= clock_timestamp() AS expired FROM slipway_leases.lease WHERE name = 'guarded'",
    );
    return row?.expired;
  };
  await expect.poll(expired, { timeout: 20_000, interval: 20 }).toBe(true);
}

const written = async (): Promise<readonly object[]> =>
  test.database.query('SELECT holder, token::int FROM protected ORDER BY token');

describe('a lease holder that was stopped beyond its expiry and goes on', () => {
  it('is refused its next protected write, although it never heard of the one that took over', async () => {
    const first = startHolder(leaseMs);
    expect(await first.ready).toBe('held');
    expect(await first.say('write')).toBe('written held');
    first.child.kill('SIGSTOP');
    await waitForExpiry();
    const second = startHolder(30_000);
    expect(await second.ready).toBe('held');
    expect(await second.say('write')).toBe('written held');
    first.child.kill('SIGCONT');
    expect(await first.say('write')).toMatch(/^lease_lost/);
    const [one, two] = await written();
    expect(await written()).toHaveLength(2);
    expect(one).toMatchObject({ holder: first.child.pid });
    expect(two).toMatchObject({ holder: second.child.pid });
    expect((two as { token: number }).token).toBe((one as { token: number }).token + 1);
  });

  it('cannot take the lease away from the one that took over by giving it back', async () => {
    await test.database.execute("UPDATE slipway_leases.lease SET expires_at = '-infinity'");
    const first = startHolder(leaseMs);
    await first.ready;
    first.child.kill('SIGSTOP');
    await waitForExpiry();
    const second = startHolder(30_000);
    await second.ready;
    const ended = new Promise((resolve) => first.child.once('exit', resolve));
    first.child.stdin!.write('end\n');
    first.child.kill('SIGCONT');
    await ended;
    expect(await second.say('write')).toBe('written held');
  });

  it('is refused also when nobody took over', async () => {
    await test.database.execute("UPDATE slipway_leases.lease SET expires_at = '-infinity'");
    const only = startHolder(leaseMs);
    await only.ready;
    only.child.kill('SIGSTOP');
    await waitForExpiry();
    only.child.kill('SIGCONT');
    expect(await only.say('write')).toMatch(/^lease_lost/);
    expect(await written()).toEqual([]);
  });
});
