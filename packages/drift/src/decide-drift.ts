import type { DriftBaseline, DriftState, NumericCells } from '@slipway/contracts';
import { formatPValue } from '@slipway/report';
import { compareColumn, mostMoved, type ColumnDrift } from './compare-column.ts';
import type { MonitoringPolicy } from './monitoring-schema.ts';
import { adjustPValues } from './statistics/adjust-p-values.ts';

export interface DriftVerdict {
  /** About the predictions; features explain it and do not decide. */
  readonly outcome: 'ok' | 'drift' | 'insufficient';
  /** What was found, in words and numbers, without the outcome. */
  readonly sentence: string;
  readonly rowCount: number;
  readonly prediction: ColumnDrift;
  readonly features: readonly ColumnDrift[];
  /** Error to expect if rows of a prediction cell err as they did on the test rows; null without test errors or rows. */
  readonly expectedRmse: number | null;
}

/**
 * Compares live counts with the baseline. Drift needs two keys: the test of the prediction distribution is sure
 * (p < alpha) and the effect matters (PSI >= minimumPsi). Too few rows are `insufficient`.
 */
export function decideDrift({
  baseline,
  state,
  policy,
}: {
  readonly baseline: DriftBaseline;
  readonly state: DriftState;
  readonly policy: MonitoringPolicy;
}): DriftVerdict {
  const compared = baseline.columns.map((column, index) => compareColumn(column, state.columns[index]!));
  const isDrifted = (pValue: number | null, psi: number | null): boolean =>
    pValue !== null && psi !== null && pValue < policy.alpha && psi >= policy.minimumPsi;
  const [first, ...rest] = compared;
  const adjusted = adjustPValues(rest.map(({ pValue }) => pValue ?? 1));
  const features = rest.map((column, index) => {
    const adjustedPValue = column.pValue === null ? null : adjusted[index]!;
    return { ...column, adjustedPValue, isDrifted: isDrifted(adjustedPValue, column.psi) };
  });
  const prediction = {
    ...first!,
    adjustedPValue: first!.pValue,
    isDrifted: isDrifted(first!.pValue, first!.psi),
  };
  const isEnough = state.rowCount >= policy.minimumRows;
  const outcome = isEnough ? (prediction.isDrifted ? 'drift' : 'ok') : 'insufficient';
  return {
    outcome,
    sentence: describe(outcome, prediction, features, state.rowCount, policy),
    rowCount: state.rowCount,
    prediction,
    features,
    expectedRmse: expectedRmse(baseline, state),
  };
}

function describe(
  outcome: DriftVerdict['outcome'],
  { psi, pValue }: ColumnDrift,
  features: readonly ColumnDrift[],
  rowCount: number,
  { alpha, minimumPsi, minimumRows }: MonitoringPolicy,
): string {
  if (outcome === 'insufficient')
    return `${rowCount} predictions are fewer than the ${minimumRows} a verdict needs`;
  const [p, effect] = [pValue ?? 1, psi ?? 0];
  const [isSure, matters] = [p < alpha, effect >= minimumPsi];
  const keys = `p ${formatPValue(p)} (${isSure ? 'below' : 'not below'} ${alpha}), PSI ${effect.toFixed(2)} (${matters ? 'at least' : 'below'} ${minimumPsi})`;
  const moved = outcome === 'drift' ? mostMoved(features) : [];
  const named = moved.map(({ name, psi: score }) => `${name} ${(score ?? 0).toFixed(1)}`);
  const most = named.length > 0 ? `; features that moved most, by PSI: ${named.join(', ')}` : '';
  return `${rowCount} predictions ${likeness(isSure, matters)}, ${keys}${most}`;
}

/** What the two keys say together. */
function likeness(isSure: boolean, matters: boolean): string {
  if (isSure) return matters ? 'are unlike the test period' : 'differ from the test period, by little';
  return matters ? 'may be unlike the test period, too few to be sure' : 'look like the test period';
}

/** Live shares of the prediction cells times their mean squared test error; cells the test never saw take the mean. */
function expectedRmse({ columns, loss, rowCount }: DriftBaseline, state: DriftState): number | null {
  const cells = columns[0]?.cells as NumericCells | undefined;
  const counts = state.columns[0]?.counts ?? [];
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (loss === null || cells === undefined || total === 0) return null;
  const mean = loss.squaredErrorSums.reduce((sum, value) => sum + value, 0) / rowCount;
  const squares = counts.reduce((sum, count, cell) => {
    const seen = cells.counts[cell]!;
    return sum + count * (seen === 0 ? mean : loss.squaredErrorSums[cell]! / seen);
  }, 0);
  return Math.sqrt(squares / total);
}
