import { expect } from 'vitest';
import type { BackendName } from './deploy-backends.ts';
import type { DeploySubject } from './deploy-subject.ts';
import type { Scenario } from './deploy-template.ts';
import { findViolations, readDeployed, type Deployed } from './deploy-violations.ts';

/** A deployment that nobody killed: the calls it made, and what it came to. */
export interface CleanDeploy {
  readonly calls: readonly string[];
  readonly deployed: Deployed;
}

/** Finds what the killed ones are compared with: deployed when first asked for, once per registry and scenario. */
export function createCleanDeploys(
  createSubject: (name: BackendName, scenario: Scenario) => Promise<DeploySubject>,
): (name: BackendName, scenario: Scenario) => Promise<CleanDeploy> {
  const known = new Map<string, CleanDeploy>();
  return async (name, scenario) => {
    const key = `${name} ${scenario}`;
    const made = known.get(key) ?? (await deployCleanly(await createSubject(name, scenario), scenario));
    known.set(key, made);
    return made;
  };
}

async function deployCleanly(subject: DeploySubject, scenario: Scenario): Promise<CleanDeploy> {
  try {
    const { code, calls, stderr } = await subject.deploy();
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const deployments = scenario === 'first' ? 1 : 2;
    const deployed = await subject.inspect((context, model) => readDeployed(context, model, deployments));
    expect(await subject.inspect((context, model) => findViolations(context, model, deployed))).toEqual([]);
    return { calls, deployed };
  } finally {
    await subject.remove();
  }
}
