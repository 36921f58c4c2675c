import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenDeploys } from './broken-deploys.ts';
import { createCleanDeploys } from './clean-deploys.ts';
import { deployAnotherSeed } from './deploy-another-seed.ts';
import { startDeployBackends, type BackendName, type DeployBackends } from './deploy-backends.ts';
import { letLeasesExpire, type DeploySubject } from './deploy-subject.ts';
import type { Scenario } from './deploy-template.ts';
import type { Deployed } from './deploy-violations.ts';
import { interruptDeploy } from './interrupt-deploy.ts';
import { killAtRandom } from './kill-at-random.ts';
import { seededRandom } from './test-deployment.ts';

/** Taken in turn: every second round runs on real servers. */
const backendNames: readonly BackendName[] = ['embedded', 'MLflow 3', 'embedded', 'MLflow 2'];
const scenarios: readonly Scenario[] = ['first', 'second'];

const seed = Number(process.env['SLIPWAY_TEST_SEED'] ?? randomInt(2 ** 31));
const rounds = process.env['SLIPWAY_TEST_LENGTH'] === 'nightly' ? 100 : 16;

let backends: DeployBackends;
beforeAll(async () => {
  console.log(`SLIPWAY_TEST_SEED=${seed}, ${rounds} rounds`);
  backends = await startDeployBackends(process.env);
  // Where nobody has run it yet, MLflow is installed first.
}, 900_000);
afterAll(() => backends.stop());

let names = 0;
/** @param letter with a number and the seed it names a model's environment, as a registry may outlive the test */
function createSubject(letter: string, name: BackendName, scenario: Scenario): Promise<DeploySubject> {
  const { backend, template } = backends.of[name];
  names += 1;
  return template.createSubject(backend, scenario, `${letter}${seed.toString(36)}-${names}`);
}
const cleanDeploy = createCleanDeploys((name, scenario) => createSubject('c', name, scenario));

describe('a deploy that is killed at any statement or HTTP call', () => {
  it.each(Array.from({ length: rounds }, (_, round) => round))(
    'comes to what a clean one comes to, round %i',
    async (round) => {
      const name = backendNames[round % backendNames.length]!;
      const scenario = scenarios[Math.floor(round / backendNames.length) % scenarios.length]!;
      const compared = await cleanDeploy(name, scenario);
      const random = seededRandom(seed ^ Math.imul(round + 1, 0x9e3779b1));
      random();
      const subject = (): Promise<DeploySubject> => createSubject('k', name, scenario);
      const { story, killed, violations } = await killAtRandom(subject, random, compared);
      expect(violations, `seed ${seed}, ${name}, ${scenario}\n${story}`).toEqual([]);
      expect(killed, story).toBeGreaterThan(0);
    },
  );

  it.each(scenarios)('and a clean one, come to the same on every registry: %s', async (scenario) => {
    const names = [...new Set(backendNames)];
    const results: Deployed[] = [];
    for (const name of names) results.push((await cleanDeploy(name, scenario)).deployed);
    expect(results).toEqual(names.map(() => results[0]));
  });
});

describe('a deploy that is killed where chance seldom hits', () => {
  it('has no second model when it died before the first was tied to its run', async () => {
    const compared = await cleanDeploy('MLflow 3', 'first');
    const subject = await createSubject('t', 'MLflow 3', 'first');
    try {
      const kill = { call: 'POST .*runs/outputs$', moment: 'before' } as const;
      const { killed: deaths, violations } = await interruptDeploy(subject, [kill], compared);
      expect({ deaths, violations }).toEqual({ deaths: 1, violations: [] });
    } finally {
      await subject.remove();
    }
  });
});

/** The last file of a model, before it is READY. */
const lastFile = 'PUT .*/MLmodel$|INSERT INTO registry\\.logged_model_artifact';

describe('a deploy that is killed, and whose configuration then changes', () => {
  it.each([...new Set(backendNames)])('is marked killed, with its model, on %s', async (name) => {
    const subject = await createSubject('o', name, 'first');
    try {
      expect(await subject.deploy({ kill: { call: lastFile, moment: 'before' } })).toMatchObject({
        code: null,
      });
      await letLeasesExpire(subject);
      const { outcome, runs } = await subject.inspect(deployAnotherSeed);
      expect(outcome).toBe('promoted');
      expect(runs).toEqual([
        { status: 'FINISHED', models: ['READY'] },
        { status: 'KILLED', models: ['FAILED'] },
      ]);
    } finally {
      await subject.remove();
    }
  });
});

const checks = brokenDeploys.flatMap((deploy) => deploy.backends.map((name) => ({ ...deploy, name })));

describe('the checks of this suite', () => {
  it.each(checks)('fail when a deploy lacks $what, on $name', async ({ name, at, sees, file, from, to }) => {
    const compared = await cleanDeploy(name, 'first');
    // A pattern and no number: a slow process renews its leases more often.
    expect(compared.calls).toContainEqual(expect.stringMatching(at));
    const subject = await createSubject('b', name, 'first');
    try {
      const broken = { file, from, to };
      const { violations } = await interruptDeploy(
        subject,
        [{ call: at.source, moment: 'before' }],
        compared,
        broken,
      );
      expect(violations.join('\n')).toMatch(sees);
    } finally {
      await subject.remove();
    }
  });
});
