import { parentPort, workerData } from 'node:worker_threads';
import type { Fold } from './folds.ts';
import { runTrial, type PlannedTrial, type TrialData } from './run-trial.ts';

/** What a thread of trials begins with. */
export interface TrialThreadData extends TrialData {
  readonly memoryBytes: number | undefined;
}

/** What it is sent, once per trial; it answers with the trial that was made. */
export interface TrialOrder {
  readonly trial: PlannedTrial;
  readonly folds: readonly Fold[];
}

const { memoryBytes, ...data } = workerData as TrialThreadData;

parentPort?.on('message', ({ trial, folds }: TrialOrder) => {
  void runTrial(data, trial, { folds, memoryBytes }).then((made) => parentPort?.postMessage(made));
});
