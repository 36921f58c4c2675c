import {
  getNumericColumn,
  selectColumns,
  SlipwayError,
  type ColumnBatch,
  type ColumnSpec,
  type GateVerdict,
} from '@slipway/contracts';
import { decideAgainstChampion, decideFirstDeployment, refuseUnscorable } from '@slipway/evaluation';
import { predictModel, type FittedModel } from '@slipway/models';
import type { Attempt } from './attempt.ts';
import type { TrainTest } from './build-datasets.ts';
import type { Champion } from './champion.ts';
import type { Evaluation } from './evaluate-candidate.ts';
import { featureTableOf } from './feature-table-of.ts';
import { blockNumbers, positionOf, readFreshRows } from './fresh-rows.ts';
import type { Candidate } from './train-candidate.ts';

/** Both models' predictions on the fresh rows, kept for the report. */
export interface Comparison {
  readonly observed: Float64Array;
  readonly candidate: Float64Array;
  readonly champion: Float64Array;
}

/**
 * Step 5. The gate: without a champion the business threshold, with one both models on the same fresh rows.
 * A champion that cannot be scored is a verdict that keeps production and names the way out, not a failure.
 */
export async function decideGate(
  attempt: Attempt,
  parts: {
    candidate: Candidate;
    champion: Champion | undefined;
    datasets: TrainTest;
    train: ColumnBatch;
    evaluation: Evaluation;
  },
): Promise<{ verdict: GateVerdict; comparison: Comparison | undefined }> {
  const { gate, features, target } = attempt.model;
  const { champion, candidate, datasets, evaluation, train } = parts;
  if (champion === undefined) {
    const value = evaluation.metrics[gate.metric] ?? NaN;
    const verdict = decideFirstDeployment({ gate, value, rowCount: evaluation.observed.length });
    return { verdict, comparison: undefined };
  }
  const { version, fitted, train: championTrain, test: championTest, watermark } = champion;
  const championVersion = version.version;
  const championStored = champion.run?.metrics[`test.${gate.metric}`] ?? null;
  const refuse = (why: string): { verdict: GateVerdict; comparison: undefined } => {
    const reason = `${why}; "slipway promote --run ${attempt.run.runId} --reason <why>" lets the candidate serve`;
    return {
      verdict: refuseUnscorable({ gate, championVersion, championStored, reason }),
      comparison: undefined,
    };
  };
  if (champion.gap !== undefined) return refuse(`it ${champion.gap}`);
  if (championTrain === undefined || championTest === undefined)
    return refuse('its training tables are gone');
  if (fitted === undefined) return refuse('its artifact cannot be read');
  const predicts = fitted.signature.output.name;
  if (predicts !== target) return refuse(`it predicts "${predicts}" and the candidate "${target}"`);
  const lost = missingInputs(fitted, columnsOf(attempt));
  if (lost.length > 0) return refuse(`the feature table no longer has its features ${lost.join(', ')}`);
  const fresh = await readFreshRows(attempt, datasets, {
    train: championTrain,
    test: championTest,
    watermark,
    others: missingInputs(fitted, datasets.test.columns),
  });
  const champions = scoreChampion(fitted, fresh);
  if (champions.predictions === undefined) return refuse(champions.reason);
  const observed = getNumericColumn(fresh, target).values;
  const comparison = {
    observed,
    candidate: predictModel(candidate.fitted, selectColumns(fresh, features)),
    champion: champions.predictions,
  };
  const verdict = decideAgainstChampion({
    gate,
    ...comparison,
    ...(gate.blocks === undefined
      ? {}
      : { blocks: blockNumbers(fresh, gate.blocks), blockNoun: gate.blocks }),
    championVersion,
    championStored,
    position: positionOf(fresh, train, datasets.eventTime),
  });
  return { verdict, comparison };
}

/** Columns of the model's feature table. */
function columnsOf({ context, model }: Attempt): readonly ColumnSpec[] {
  return Object.entries(featureTableOf(context, model).columns).map(([name, { type }]) => ({ name, type }));
}

/** Features of a model that are not among the columns, or have another type there. */
function missingInputs({ signature }: FittedModel, columns: readonly ColumnSpec[]): string[] {
  return signature.inputs
    .filter(({ name, type }) => !columns.some((column) => column.name === name && column.type === type))
    .map(({ name }) => name);
}

/** A value the champion cannot take, such as a category that is new, is no failure of the candidate. */
function scoreChampion(
  fitted: FittedModel,
  fresh: ColumnBatch,
): { predictions: Float64Array } | { predictions?: undefined; reason: string } {
  try {
    return { predictions: predictModel(fitted, fresh) };
  } catch (error) {
    if (!SlipwayError.isInstance(error) || error.code !== 'value_unsupported') throw error;
    return { reason: `it cannot take a fresh row (${error.message.replace(/\.$/, '')})` };
  }
}
