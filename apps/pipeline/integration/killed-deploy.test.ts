import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { deployModel, type DeploymentContext, type ModelDefinition } from '@slipway/deployment';
import { registeredName } from '@slipway/registry-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenDeploys } from './broken-deploys.ts';
import { startDeployBackends, type BackendName, type DeployBackends } from './deploy-backends.ts';
import { drawKills, interruptDeploy, type CleanDeploy } from './interrupt-deploy.ts';
import { letLeasesExpire, type DeploySubject, type Scenario } from './deploy-subject.ts';
import { findViolations, readDeployed, type Deployed } from './deploy-violations.ts';
import { seededRandom } from './test-deployment.ts';

/** Taken in turn: every second round runs on real servers. */
const backendNames: readonly BackendName[] = ['embedded', 'MLflow 3', 'embedded', 'MLflow 2'];
const scenarios: readonly Scenario[] = ['first', 'second'];

const seed = Number(process.env['SLIPWAY_TEST_SEED'] ?? randomInt(2 ** 31));
const rounds = process.env['SLIPWAY_TEST_LENGTH'] === 'nightly' ? 100 : 16;

let backends: DeployBackends;
/** How often a deploy was killed. */
const killed: Record<BackendName, number> = { embedded: 0, 'MLflow 3': 0, 'MLflow 2': 0 };
const clean = new Map<string, CleanDeploy>();

beforeAll(async () => {
  console.log(`SLIPWAY_TEST_SEED=${seed}, ${rounds} rounds`);
  backends = await startDeployBackends(process.env);
  // Where nobody has run it yet, MLflow is installed first.
}, 900_000);
afterAll(() => backends.stop());

function createSubject(name: BackendName, scenario: Scenario, environment: string): Promise<DeploySubject> {
  const { backend, template } = backends.of[name];
  return template.createSubject(backend, scenario, environment);
}

/** Deploys once without a kill, to know what the others are compared with. */
async function cleanDeploy(name: BackendName, scenario: Scenario): Promise<CleanDeploy> {
  const key = `${name} ${scenario}`;
  const known = clean.get(key);
  if (known !== undefined) return known;
  const subject = await createSubject(name, scenario, `c${uniqueName()}`);
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

describe('a deploy that is killed at any statement or HTTP call', () => {
  it.each(Array.from({ length: rounds }, (_, round) => round))(
    'comes to what a clean one comes to, round %i',
    async (round) => {
      const name = backendNames[round % backendNames.length]!;
      const scenario = scenarios[Math.floor(round / backendNames.length) % scenarios.length]!;
      const compared = await cleanDeploy(name, scenario);
      const random = seededRandom(seed ^ Math.imul(round + 1, 0x9e3779b1));
      random();
      const subject = await createSubject(name, scenario, `k${uniqueName()}`);
      try {
        const interrupted = await interruptDeploy(subject, drawKills(random, compared), compared);
        const { story, violations } = interrupted;
        killed[name] += interrupted.killed;
        expect(violations, `seed ${seed}, ${name}, ${scenario}\n${story}`).toEqual([]);
      } finally {
        await subject.remove();
      }
    },
  );

  it('was killed often enough, and half of it on real servers', () => {
    const real = killed['MLflow 3'] + killed['MLflow 2'];
    expect(real).toBeGreaterThanOrEqual(rounds / 2);
    expect(real + killed.embedded).toBeGreaterThanOrEqual(rounds);
  });

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
    const subject = await createSubject('MLflow 3', 'first', `t${uniqueName()}`);
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
    const subject = await createSubject(name, 'first', `o${uniqueName()}`);
    try {
      expect(await subject.deploy({ kill: { call: lastFile, moment: 'before' } })).toMatchObject({
        code: null,
      });
      await letLeasesExpire(subject);
      const { outcome, runs } = await subject.inspect(deployOther);
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

/** Deploys with another seed, and reads what runs there are and what became of their models. */
async function deployOther(
  context: DeploymentContext,
  model: ModelDefinition,
): Promise<{ outcome: string; runs: readonly { status: string; models: readonly string[] }[] }> {
  const { registry, environment } = context;
  const estimator = { ...model.estimator, seed: 7 } as ModelDefinition['estimator'];
  const { outcome } = await deployModel(context, { ...model, estimator });
  const { experimentId } = await registry.ensureExperiment(registeredName(model.name, environment));
  const runs = [];
  for (const run of await registry.searchRuns({ experimentId })) {
    const models = await registry.listLoggedModels(run);
    runs.push({ status: run.status, models: models.map(({ status }) => status) });
  }
  return { outcome, runs };
}

describe('a deploy that was stopped until its lease ran out and another took over', () => {
  it('moves nothing when it goes on, and says so', async () => {
    const { calls } = await cleanDeploy('embedded', 'first');
    // The lease of the alias is the last thing before the move.
    const call = 1 + calls.findLastIndex((text) => text.startsWith('INSERT INTO slipway_leases.lease'));
    const subject = await createSubject('embedded', 'first', `s${uniqueName()}`);
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

const checks = brokenDeploys.flatMap((deploy) => deploy.backends.map((name) => ({ ...deploy, name })));

describe('the checks of this suite', () => {
  it.each(checks)('fail when a deploy lacks $what, on $name', async ({ name, at, sees, file, from, to }) => {
    const compared = await cleanDeploy(name, 'first');
    // A pattern and no number: a slow process renews its leases more often.
    expect(compared.calls).toContainEqual(expect.stringMatching(at));
    const subject = await createSubject(name, 'first', `b${uniqueName()}`);
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
