import { mkdtemp, rm } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureEmbeddedServer, stopEmbeddedServer } from '@slipway/database/embedded';
import { registeredName } from '@slipway/registry-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeployEnd } from './deploy-process.ts';
import { letLeasesExpire, type DeploySubject } from './deploy-subject.ts';
import { createDeployTemplate, type DeployTemplate } from './deploy-template.ts';
import { findViolations, readDeployed, type Deployed } from './deploy-violations.ts';
import { disturbDeploy } from './disturb-deploy.ts';
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

const restart = async (): Promise<void> => {
  await stopEmbeddedServer({ directory });
  // At the port of the last time, so the URL stays.
  await ensureEmbeddedServer({ directory, fsync: false });
};

function expectClearFailure({ code, stderr }: DeployEnd): void {
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
      expectClearFailure(await disturbDeploy(subject, call, restart));
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
        const ended = await disturbDeploy(subject, call, restart);
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
      const ended = await disturbDeploy(subject, call, () => stopEmbeddedServer({ directory }));
      expectClearFailure(ended);
      await ensureEmbeddedServer({ directory, fsync: false });
      await expectConvergence(subject);
    } finally {
      await subject.remove();
    }
  });
});

describe('a deploy that was stopped until its lease ran out and another took over', () => {
  it('moves nothing when it goes on, and says so', async () => {
    // The lease of the alias is the last thing before the move.
    const call = 1 + calls.findLastIndex((text) => text.startsWith('INSERT INTO slipway_leases.lease'));
    const subject = await template.createSubject(backend, 'first', 'overtaken');
    try {
      const { code, stderr } = await disturbDeploy(subject, call, () =>
        subject.database.execute(
          `UPDATE slipway_leases.lease SET holder = 'another', token = token + 1, expires_at = clock_timestamp() + interval '1 hour'
           WHERE name LIKE 'model:%'`,
        ),
      );
      expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/lease_lost/) });
      const serving = await subject.inspect(({ registry, environment }, { name }) =>
        registry.findVersionByAlias(registeredName(name, environment), 'production'),
      );
      expect(serving).toBeUndefined();
    } finally {
      await subject.remove();
    }
  });
});
