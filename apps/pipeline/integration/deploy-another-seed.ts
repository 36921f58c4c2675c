import { deployModel, type DeploymentContext, type ModelDefinition } from '@slipway/deployment';
import { registeredName } from '@slipway/registry-client';

/** What became of a deployment, and of every run there is, newest first. */
interface OtherDeploy {
  readonly outcome: string;
  readonly runs: readonly { readonly status: string; readonly models: readonly string[] }[];
}

/** Deploys with another seed, and reads what runs there are and what became of their models. */
export async function deployAnotherSeed(
  context: DeploymentContext,
  model: ModelDefinition,
): Promise<OtherDeploy> {
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
