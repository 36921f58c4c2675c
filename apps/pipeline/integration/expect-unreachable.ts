import { expect } from 'vitest';
import type { EndedVerb } from './run-in-lanes.ts';
import type { NamedServer, ServersBehindDoors } from './servers-behind-doors.ts';

/** Seconds that a verb may take when a server is away. */
export const verbLimit = 15;

/** What the messages say was met, by server and state of its door: each verb has met it, and not another failure. */
const received = {
  DATABASE_URL: { shut: 'ECONNREFUSED', silent: 'timeout expired' },
  MLFLOW_TRACKING_URI: { shut: 'no connection (ECONNREFUSED)', silent: 'no complete answer within 8000 ms' },
} as const;

/** Each ended in time with exit code 6, and one message says which setting points where, what was met and what to do. */
export function expectUnreachable(
  ended: readonly EndedVerb[],
  { setting, url }: NamedServer,
  { state, secrets }: { state: 'shut' | 'silent'; secrets: ServersBehindDoors['secrets'] },
): void {
  expect(ended).not.toEqual([]);
  for (const { line, seconds, code, stdout, stderr } of ended) {
    const where = `${line}: ${stderr}`;
    expect(code, where).toBe(6);
    expect(seconds, where).toBeLessThan(verbLimit);
    expect(stderr, line).toMatch(/^(database_unreachable|registry_unavailable): /);
    expect(stderr, line).toContain(new URL(url).host);
    expect(stderr, line).toContain(setting);
    expect(stderr, line).toContain(received[setting][state]);
    expect(stderr, line).toMatch(/ Check that /);
    expect(stderr, line).not.toMatch(/\n\s+at |--verbose/);
    for (const secret of secrets) expect(stdout + stderr, line).not.toContain(secret);
  }
}
