import { setTimeout as sleep } from 'node:timers/promises';
import { SlipwayError } from '@slipway/contracts';
import { isStorableText } from './check-storable.ts';
import type { Database, Transaction } from './database.ts';

/** Work of one kind that only one holder does at a time. */
export interface Lease {
  readonly name: string;
  /** Grows with every acquisition: effects outside the database carry it, so that late ones can be told. */
  readonly token: number;
  /** Aborted when a heartbeat finds the lease lost. */
  readonly signal: AbortSignal;
  /**
   * Locks the lease row in a transaction, so that its writes happen only while the lease is held.
   * @throws SlipwayError `lease_lost`
   */
  fence(transaction: Transaction): Promise<void>;
}

export interface LeaseOptions {
  readonly name: string;
  /** Names the holder for people: host and process. */
  readonly holder: string;
  /** How long the lease lasts without a heartbeat, in milliseconds. @default 30000 */
  readonly leaseMs?: number;
  /** How long to wait for another holder, in milliseconds. @default 0 */
  readonly waitMs?: number;
  /** Called once when somebody else holds the lease and waiting begins. */
  readonly onWait?: () => void;
}

const table = 'slipway_leases.lease';
const retryMs = 200;

/**
 * Runs work while holding a lease row: a row with holder, expiry and fencing token, by the database's clock alone.
 * Works behind poolers, and a holder that stopped or died blocks others only until the expiry.
 * @throws SlipwayError `lease_held` when somebody else keeps it for `waitMs`, `lease_lost` from `fence`, `invalid_argument`
 * without a holder
 */
export async function withLease<T>(
  database: Database,
  options: LeaseOptions,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const { name, holder, leaseMs = 30_000 } = options;
  checkHolder(holder);
  const token = await acquire(database, options);
  const lost = new AbortController();
  const owned = [name, holder, token] as const;
  const beat = setInterval(() => void heartbeat(database, owned, leaseMs, lost), leaseMs / 6);
  beat.unref();
  try {
    return await work({
      name,
      token,
      signal: lost.signal,
      fence: (transaction) => fence(transaction, owned),
    });
  } finally {
    clearInterval(beat);
    await release(database, owned);
  }
}

/** A program without types may give none: NULL is equal to no holder, and the lease would be lost at once. */
function checkHolder(holder: unknown): void {
  if (typeof holder === 'string' && isStorableText(holder)) return;
  throw new SlipwayError('invalid_argument', {
    what: 'A lease needs a "holder"',
    expected: 'a text without NUL',
    received: typeof holder,
    next: 'Name who works: host and process',
  });
}

type Owned = readonly [name: string, holder: string, token: number];

async function acquire(
  database: Database,
  { name, holder, leaseMs = 30_000, waitMs = 0, onWait }: LeaseOptions,
): Promise<number> {
  const start = performance.now();
  for (let isFirst = true; ; isFirst = false) {
    const token = await takeFree(database, { name, holder, leaseMs });
    if (token !== undefined) return token;
    if (performance.now() - start >= waitMs) throw await describeHeld(database, name);
    if (isFirst) onWait?.();
    await sleep(retryMs);
  }
}

/**
 * Takes a lease that is free. A holder locks the row while it writes, however long that takes: a wait for it would have no
 * limit, and the time that the lease lasts would run meanwhile.
 * @returns its token; undefined while somebody else has it
 */
async function takeFree(
  database: Database,
  { name, holder, leaseMs }: Required<Pick<LeaseOptions, 'name' | 'holder' | 'leaseMs'>>,
): Promise<number | undefined> {
  try {
    return await database.transaction(async (transaction) => {
      await transaction.execute(`SET LOCAL lock_timeout = ${retryMs}`);
      const [row] = await transaction.query<{ token: string }>(
        `INSERT INTO ${table} AS held VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 ms')
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, token = held.token + 1, expires_at = excluded.expires_at
         WHERE held.expires_at <= clock_timestamp() RETURNING token`,
        [name, holder, leaseMs],
      );
      return row === undefined ? undefined : Number(row.token);
    });
  } catch (error) {
    // lock_not_available: its holder is writing.
    if (SlipwayError.isInstance(error) && error.details['sqlState'] === '55P03') return undefined;
    throw error;
  }
}

async function describeHeld(database: Database, name: string): Promise<SlipwayError> {
  const [row] = await database.query<{ holder: string | null }>(
    `SELECT holder FROM ${table} WHERE name = $1`,
    [name],
  );
  return new SlipwayError('lease_held', {
    what: `Somebody else works on "${name}"`,
    received: `holder ${row?.holder ?? 'unknown'}`,
    next: 'Wait until it is done, or until its lease has expired',
    isRetryable: true,
  });
}

async function heartbeat(
  database: Database,
  owned: Owned,
  leaseMs: number,
  lost: AbortController,
): Promise<void> {
  try {
    const kept = await database.execute(
      `UPDATE ${table} SET expires_at = clock_timestamp() + $4 * interval '1 ms'
       WHERE name = $1 AND holder = $2 AND token = $3 AND expires_at > clock_timestamp()`,
      [...owned, leaseMs],
    );
    if (kept === 0) lost.abort(lostError(owned[0]));
  } catch {
    // A database that is away for a moment is no loss yet: the expiry decides, and the fence checks it.
  }
}

async function fence(transaction: Transaction, owned: Owned): Promise<void> {
  const rows = await transaction.query(
    `SELECT 1 FROM ${table} WHERE name = $1 AND holder = $2 AND token = $3 AND expires_at > clock_timestamp() FOR UPDATE`,
    owned,
  );
  if (rows.length === 0) throw lostError(owned[0]);
}

async function release(database: Database, owned: Owned): Promise<void> {
  const sql = `UPDATE ${table} SET expires_at = '-infinity', holder = NULL WHERE name = $1 AND holder = $2 AND token = $3`;
  // A release that fails is no failure of the work: the lease expires by itself.
  await database.execute(sql, owned).catch(() => undefined);
}

function lostError(name: string): SlipwayError {
  return new SlipwayError('lease_lost', {
    what: `The lease "${name}" expired or was taken while work went on`,
    next: 'Run the verb again; nothing was written after the loss',
    isRetryable: true,
  });
}
