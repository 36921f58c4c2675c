import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { registeredName } from '@slipway/deployment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDeployTemplate,
  letLeasesExpire,
  type Backend,
  type DeploySubject,
  type DeployTemplate,
  type Scenario,
} from './deploy-subject.ts';
import { findViolations, readDeployed, type Deployed } from './deploy-violations.ts';
import type { BrokenSource, Kill } from './kill-order.ts';
import { seededRandom } from './test-deployment.ts';

/** Registries that the rounds are shared among, in turn. */
const backends: readonly Backend[] = [{ name: 'embedded', environment: {} }];
const scenarios: readonly Scenario[] = ['first', 'second'];

const seed = Number(process.env['SLIPWAY_TEST_SEED'] ?? randomInt(2 ** 31));
const rounds = process.env['SLIPWAY_TEST_LENGTH'] === 'nightly' ? 100 : 15;

/** A clean deployment: the calls it made, and what it came to. */
interface Clean {
  readonly calls: readonly string[];
  readonly deployed: Deployed;
}

let template: DeployTemplate;
const clean = new Map<string, Clean>();

beforeAll(async () => {
  console.log(`SLIPWAY_TEST_SEED=${seed}, ${rounds} rounds`);
  template = await createDeployTemplate();
});
afterAll(() => template.remove());

/** Deploys once without a kill, to know what the others are compared with. */
async function cleanDeploy(backend: Backend, scenario: Scenario): Promise<Clean> {
  const key = `${backend.name} ${scenario}`;
  const known = clean.get(key);
  if (known !== undefined) return known;
  const subject = await template.createSubject(backend, scenario, `c${uniqueName()}`);
  try {
    const { code, calls, stderr } = await subject.deploy();
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const deployments = scenario === 'first' ? 1 : 2;
    const deployed = await subject.inspect((context, model) => readDeployed(context, model, deployments));
    const made = { calls, deployed };
    expect(await subject.inspect((context, model) => findViolations(context, model, deployed))).toEqual([]);
    clean.set(key, made);
    return made;
  } finally {
    await subject.remove();
  }
}

let names = 0;
/** Distinguishes models on a registry that outlives the test. */
function uniqueName(): string {
  names += 1;
  return `${seed.toString(36)}-${names}`;
}

/** Kills `deploy` at the given calls, one process after the other, then lets it run. Returns what is wrong afterwards. */
async function interrupt(
  subject: DeploySubject,
  kills: readonly Kill[],
  { deployed }: Clean,
  broken?: BrokenSource,
): Promise<{ readonly story: string; readonly violations: readonly string[] }> {
  const story: string[] = [];
  for (const kill of kills) {
    const { code, calls, stderr } = await subject.deploy({ kill, broken });
    if (code !== null && code !== 0)
      return { story: story.join('\n'), violations: [`a re-run failed: ${stderr}`] };
    story.push(
      code === 0 ? `ended before call ${kill.call}` : `${kill.moment} call ${kill.call}: ${calls.at(-1)}`,
    );
    await letLeasesExpire(subject.database);
  }
  const { code, stderr } = await subject.deploy({ broken });
  const failed = code === 0 ? [] : [`the last run ended with ${code}: ${stderr}`];
  const found = await subject.inspect((context, model) => findViolations(context, model, deployed));
  return { story: story.join('\n'), violations: [...failed, ...found] };
}

function drawKills(random: () => number, { calls }: Clean): Kill[] {
  const draw = (): Kill => ({
    call: 1 + Math.floor(random() * calls.length),
    moment: (['before', 'sent', 'answered'] as const)[Math.floor(random() * 3)]!,
  });
  return random() < 0.4 ? [draw(), draw()] : [draw()];
}

describe('a deploy that is killed at any statement or HTTP call', () => {
  it.each(Array.from({ length: rounds }, (_, round) => round))(
    'comes to what a clean one comes to, round %i',
    async (round) => {
      const backend = backends[round % backends.length]!;
      const scenario = scenarios[Math.floor(round / backends.length) % scenarios.length]!;
      const compared = await cleanDeploy(backend, scenario);
      const random = seededRandom(seed ^ Math.imul(round + 1, 0x9e3779b1));
      random();
      const subject = await template.createSubject(backend, scenario, `k${uniqueName()}`);
      try {
        const { story, violations } = await interrupt(subject, drawKills(random, compared), compared);
        expect(violations, `seed ${seed}, ${backend.name}, ${scenario}\n${story}`).toEqual([]);
      } finally {
        await subject.remove();
      }
    },
  );
});

describe('a deploy that was stopped until its lease ran out and another took over', () => {
  it('moves nothing when it goes on, and says so', async () => {
    const [backend] = backends;
    const { calls } = await cleanDeploy(backend!, 'first');
    // The lease of the alias is the last thing before the move.
    const call = 1 + calls.findLastIndex((text) => text.startsWith('INSERT INTO slipway_leases.lease'));
    const subject = await template.createSubject(backend!, 'first', `s${uniqueName()}`);
    try {
      const { child, ended } = await subject.start({ kill: { call, moment: 'before', signal: 'SIGSTOP' } });
      const isStopped = async (): Promise<boolean> =>
        / T /.test(await readFile(`/proc/${child.pid}/stat`, 'utf8'));
      await expect.poll(isStopped, { timeout: 60_000, interval: 20 }).toBe(true);
      await subject.database.execute(
        `UPDATE slipway_leases.lease SET holder = 'another', token = token + 1, expires_at = clock_timestamp() + interval '1 hour'
         WHERE name LIKE 'model:%'`,
      );
      child.kill('SIGCONT');
      const { code, stderr } = await ended;
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

/** The program without one thing that lets a deploy go on where a dead one stopped, and the call to die at. */
const broken: readonly (BrokenSource & { what: string; at: RegExp; sees: RegExp })[] = [
  {
    what: 'the search for the unfinished run',
    file: 'deployment/src/attempt.ts',
    from: "status: 'RUNNING'",
    to: "status: 'SCHEDULED'",
    at: /INSERT INTO training\.dataset_use/,
    sees: /is RUNNING/,
  },
  {
    what: 'the reuse of a stored dataset',
    file: 'datasets/src/seal-dataset.ts',
    from: 'await transaction.execute(`DROP TABLE ${quoteTable(build)}`);',
    to: '',
    at: /INSERT INTO training\.dataset_use/,
    sees: /belongs to no dataset/,
  },
  {
    what: 'the search for the registered version',
    file: 'deployment/src/register-version.ts',
    from: 'versions.find((version) =>',
    to: 'versions.find((version) => false &&',
    at: /INSERT INTO registry\.model_alias|registered-models\/alias/,
    sees: /versions: expected 1, got 2/,
  },
  {
    what: 'the search for the begun move of production',
    file: 'deployment/src/alias-moves.ts',
    from: 'if (unfinished) return last;',
    to: '',
    at: /INSERT INTO registry\.model_alias|registered-models\/alias/,
    sees: /moves of production: expected 1, got 2/,
  },
  {
    what: 'the memory of the verdict',
    file: 'deployment/src/earlier-verdict.ts',
    from: 'if (!holds)',
    to: 'if (verdict)',
    at: /UPDATE registry\.run SET status|runs\/update/,
    sees: /result: expected/,
  },
];

describe('the checks of this suite', () => {
  it.each(broken)('fail when a deploy lacks $what', async ({ at, sees, file, from, to }) => {
    const [backend] = backends;
    const compared = await cleanDeploy(backend!, 'first');
    const call = 1 + compared.calls.findIndex((text) => at.test(text));
    expect(call).toBeGreaterThan(0);
    const subject = await template.createSubject(backend!, 'first', `b${uniqueName()}`);
    try {
      const { violations } = await interrupt(subject, [{ call, moment: 'before' }], compared, {
        file,
        from,
        to,
      });
      expect(violations.join('\n')).toMatch(sees);
    } finally {
      await subject.remove();
    }
  });
});
