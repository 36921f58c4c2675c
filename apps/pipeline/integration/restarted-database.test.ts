import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureEmbeddedServer, stopEmbeddedServer } from '@slipway/database/embedded';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDeployTemplate,
  letLeasesExpire,
  type DeployProcess,
  type DeploySubject,
  type DeployTemplate,
} from './deploy-subject.ts';
import { findViolations, readDeployed, type Deployed } from './deploy-violations.ts';
import { seededRandom } from './test-deployment.ts';

const seed = Number(process.env['SLIPWAY_TEST_SEED'] ?? randomInt(2 ** 31));
const rounds = process.env['SLIPWAY_TEST_LENGTH'] === 'nightly' ? 30 : 3;
const backend = { name: 'embedded', environment: {} };

let root: string;
let directory: string;
let template: DeployTemplate;
let calls: readonly string[];
let clean: Deployed;

beforeAll(async () => {
  console.log(`SLIPWAY_TEST_SEED=${seed}, ${rounds} rounds`);
  root = await mkdtemp(join(tmpdir(), 'slipway-restart-'));
  directory = join(root, 'postgres');
  template = await createDeployTemplate({ directory });
  const subject = await template.createSubject(backend, 'first', 'clean');
  ({ calls } = await subject.deploy());
  clean = await subject.inspect((context, model) => readDeployed(context, model, 1));
  await subject.remove();
});
afterAll(async () => {
  await template.remove();
  await stopEmbeddedServer({ directory });
  await rm(root, { recursive: true, force: true });
});

/** Stops a deploy before a call, does something to the server, lets the deploy go on. */
async function disturb(
  subject: DeploySubject,
  call: number,
  work: () => Promise<unknown>,
): Promise<DeployProcess> {
  const kill = { call, moment: 'before', signal: 'SIGSTOP' } as const;
  const { child, ended } = await subject.start({ kill });
  const isStopped = async (): Promise<boolean> =>
    / T /.test(await readFile(`/proc/${child.pid}/stat`, 'utf8'));
  await expect.poll(isStopped, { timeout: 60_000, interval: 20 }).toBe(true);
  await work();
  child.kill('SIGCONT');
  return ended;
}

const restart = async (): Promise<void> => {
  await stopEmbeddedServer({ directory });
  // At the port of the last time, so the URL stays.
  await ensureEmbeddedServer({ directory, fsync: false });
};

function expectClearFailure({ code, stderr }: DeployProcess): void {
  expect({ code, stderr }).toMatchObject({
    code: 6,
    stderr: expect.stringMatching(/database_unreachable: .*127\.0\.0\.1/),
  });
  expect(stderr).not.toMatch(/\n\s+at |slipway:/);
}

async function expectConvergence(subject: DeploySubject): Promise<void> {
  await letLeasesExpire(subject);
  const { code, stderr } = await subject.deploy();
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(await subject.inspect((context, model) => findViolations(context, model, clean))).toEqual([]);
}

describe('a deploy whose database is restarted', () => {
  it('in the middle of a transaction ends with exit code 6, and the re-run converges', async () => {
    const subject = await template.createSubject(backend, 'first', 'middle');
    try {
      const call = 1 + calls.findIndex((text) => text.startsWith('INSERT INTO training.dataset ('));
      expect(call).toBeGreaterThan(0);
      expectClearFailure(await disturb(subject, call, restart));
      await expectConvergence(subject);
    } finally {
      await subject.remove();
    }
  });

  it.each(Array.from({ length: rounds }, (_, round) => round))(
    'anywhere goes on or fails clearly, and the re-run converges, round %i',
    async (round) => {
      const random = seededRandom(seed ^ Math.imul(round + 1, 0x9e3779b1));
      random();
      const call = 1 + Math.floor(random() * calls.length);
      const subject = await template.createSubject(backend, 'first', `restart-${round}`);
      try {
        const ended = await disturb(subject, call, restart);
        // A connection that was idle is replaced without a word.
        if (ended.code !== 0) expectClearFailure(ended);
        await expectConvergence(subject);
      } finally {
        await subject.remove();
      }
    },
  );

  it('and stays away ends with exit code 6 within seconds', async () => {
    const subject = await template.createSubject(backend, 'first', 'away');
    try {
      const call = Math.floor(calls.length / 2);
      const ended = await disturb(subject, call, () => stopEmbeddedServer({ directory }));
      expectClearFailure(ended);
      await ensureEmbeddedServer({ directory, fsync: false });
      await expectConvergence(subject);
    } finally {
      await subject.remove();
    }
  });
});
