import type { Run } from '../run.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { fetchRun } from './fetch-run.ts';
import { toRun } from './wire/run-schema.ts';

/** @throws SlipwayError `run_not_found` */
export async function getRun(transport: MlflowTransport, runId: string): Promise<Run> {
  return toRun(await fetchRun(transport, runId));
}
