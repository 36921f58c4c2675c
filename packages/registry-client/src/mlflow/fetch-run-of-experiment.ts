import { SlipwayError } from '@slipway/contracts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { findWireRun } from './fetch-run.ts';
import type { WireRun } from './wire/run-schema.ts';

/** @throws SlipwayError `run_not_found` when that experiment has no such run */
export async function fetchRunOfExperiment(
  transport: MlflowTransport,
  runId: string,
  experimentId: string,
): Promise<WireRun> {
  const run = await findWireRun(transport, runId);
  if (run?.info.experiment_id === experimentId) return run;
  throw new SlipwayError('run_not_found', {
    what: `The registry has no run ${runId} in experiment ${experimentId}`,
  });
}
