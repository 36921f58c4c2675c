import type { GateVerdict } from '@slipway/contracts';
import { moveProduction } from './alias-moves.ts';
import type { Attempt } from './attempt.ts';
import { buildDatasets, readInKeyOrder, type TrainTest } from './build-datasets.ts';
import { findChampion } from './champion.ts';
import type { DeployOutcome } from './deploy-outcome.ts';
import { decideGate } from './decide-gate.ts';
import { findEarlierVerdict, type EarlierVerdict } from './earlier-verdict.ts';
import { evaluateCandidate, type Evaluation } from './evaluate-candidate.ts';
import { readFeatures } from './read-features.ts';
import { recordVerdict } from './record-verdict.ts';
import { logCandidate } from './log-candidate.ts';
import { registerVersion } from './register-version.ts';
import { runTag } from './run-tags.ts';
import type { StepName } from './step-event.ts';
import { trainCandidate } from './train-candidate.ts';

/** A deployment from top to bottom: each line is one step, and each step lives in the file it is named after. */
export async function runAttempt(attempt: Attempt): Promise<DeployOutcome> {
  const relation = await step(
    attempt,
    'features',
    () => readFeatures(attempt),
    () => `load ${attempt.watermark}`,
  );
  const datasets = await step(attempt, 'datasets', () => buildDatasets(attempt, relation), describeDatasets);
  const train = await readInKeyOrder(attempt, datasets.train, datasets.keyColumns);
  const test = await readInKeyOrder(attempt, datasets.test, datasets.keyColumns);
  const candidate = await step(
    attempt,
    'train',
    () => trainCandidate(attempt, train),
    ({ digest }) => `artifact ${digest.slice(0, 12)}`,
  );
  const evaluated = { candidate, datasets, train, test };
  const evaluation = await step(
    attempt,
    'evaluate',
    () => evaluateCandidate(attempt, evaluated),
    (done) => describeMetric(attempt, done),
  );
  const champion = await findChampion(attempt);
  const decided = { ...evaluated, champion, evaluation };
  const { verdict, report } = await step(
    attempt,
    'gate',
    () => decideOnce(attempt, decided),
    (gate) => gate.verdict.sentence,
  );
  const modelId = await logCandidate(attempt, {
    candidate,
    metrics: evaluation.metrics,
    test: datasets.test,
  });
  const version =
    verdict.outcome === 'passed' ? await deployCandidate(attempt, verdict, modelId, candidate.digest) : null;
  await finish(attempt, verdict);
  return {
    model: attempt.model.name,
    registeredName: attempt.name,
    verb: attempt.verb,
    outcome: version === null ? 'kept' : 'promoted',
    version,
    runId: attempt.run.runId,
    watermark: attempt.watermark,
    reasons: attempt.reasons,
    information: [],
    metrics: evaluation.metrics,
    digests: digestsOf(datasets, evaluation, candidate.digest),
    verdict,
    report,
  };
}

/** A verdict is decided once for a run: a process that goes on after a crash takes the one that was recorded. */
async function decideOnce(
  attempt: Attempt,
  parts: Parameters<typeof decideGate>[1],
): Promise<EarlierVerdict> {
  const { champion, candidate, evaluation } = parts;
  const earlier = await findEarlierVerdict(attempt, { champion, digest: candidate.digest });
  if (earlier !== undefined) return earlier;
  const { verdict, comparison } = await decideGate(attempt, parts);
  return { verdict, report: await recordVerdict(attempt, { verdict, evaluation, comparison }) };
}

async function deployCandidate(
  attempt: Attempt,
  verdict: GateVerdict,
  modelId: string,
  digest: string,
): Promise<string> {
  const { context, name, verb, run, lease } = attempt;
  const registration = { runId: run.runId, modelId, digest, verdict };
  const { version } = await step(
    attempt,
    'register',
    () => registerVersion(attempt, registration),
    (done) =>
      done.created
        ? `version ${done.version.version}`
        : `version ${done.version.version}, the same bytes as before`,
  );
  const to = version.version;
  const why = attempt.reasons.join('; ');
  await step(
    attempt,
    'promote',
    () => moveProduction(context, { name, to, verb, why, verdict: verdict.outcome, lease }),
    () => `production -> version ${to}`,
  );
  await tellServing(attempt);
  return to;
}

/** Serving follows the alias by itself; a nudge only shortens the wait, so its failure is a warning. */
async function tellServing({ context, model }: Attempt): Promise<void> {
  if (context.notifyServing === undefined) return;
  try {
    await context.notifyServing(model.name);
  } catch {
    context.onStep?.({
      kind: 'warning',
      step: 'serving',
      sentence: 'serving was not reached; it follows at its next poll',
    });
  }
}

async function finish({ context, run }: Attempt, verdict: GateVerdict): Promise<void> {
  await context.registry.logBatch(run.runId, { tags: { [runTag.outcome]: verdict.outcome } });
  await context.registry.finishRun(run.runId, { status: 'FINISHED', endTime: context.now() });
}

async function step<T>(
  attempt: Attempt,
  name: StepName,
  work: () => Promise<T>,
  describe: (result: T) => string,
): Promise<T> {
  const { onStep } = attempt.context;
  const { database } = attempt.context;
  await database.transaction((transaction) => attempt.lease.fence(transaction));
  onStep?.({ kind: 'started', step: name });
  const result = await work();
  onStep?.({ kind: 'done', step: name, sentence: describe(result) });
  return result;
}

function describeDatasets({ train, test, created }: TrainTest): string {
  const sizes = `train ${train.rowCount} rows (${train.digest.slice(0, 12)}), test ${test.rowCount} (${test.digest.slice(0, 12)})`;
  return created ? sizes : `${sizes}: stored before, verified`;
}

function describeMetric({ model }: Attempt, { metrics, meanMetrics }: Evaluation): string {
  const { metric } = model.gate;
  return `test ${metric} ${format(metrics[metric])}, predicting the mean ${format(meanMetrics[metric])}`;
}

function format(value: number | undefined): string {
  return value === undefined ? 'unknown' : String(Number(value.toPrecision(4)));
}

function digestsOf(
  { train, test }: TrainTest,
  { predictions }: Evaluation,
  artifact: string,
): NonNullable<DeployOutcome['digests']> {
  return { train: train.digest, test: test.digest, predictions: predictions.digest, artifact };
}
