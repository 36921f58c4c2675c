import { SlipwayError, type GateVerdict } from '@slipway/contracts';
import { formatNumber } from './format-number.ts';
import type { Gate } from './gate-schema.ts';
import { regressionMetrics } from './metric.ts';

/**
 * The gate of a first deployment: passes when the test metric is at least as good as the business threshold.
 * @param value the candidate's metric on its test rows
 * @throws SlipwayError `not_deployable` when the gate has no threshold
 */
export function decideFirstDeployment({
  gate,
  value,
  rowCount,
}: {
  readonly gate: Gate;
  readonly value: number;
  readonly rowCount: number;
}): GateVerdict {
  const { metric, threshold, rule, minimumRows } = gate;
  if (threshold === undefined) {
    throw new SlipwayError('not_deployable', {
      what: 'The gate has no threshold, and nothing serves yet that a candidate could be compared with',
      expected: `"gate.threshold", the ${metric} that is good enough for the business`,
      next: 'Add it to the model configuration',
    });
  }
  const { direction } = regressionMetrics[metric];
  const isGood = direction === 'minimize' ? value <= threshold : value >= threshold;
  const outcome = rowCount < minimumRows ? 'insufficient' : isGood ? 'passed' : 'rejected';
  const reason =
    outcome === 'insufficient'
      ? `${rowCount} test rows are fewer than the ${minimumRows} a decision needs`
      : Number.isNaN(value)
        ? `${metric} is not a number`
        : null;
  const comparison = isGood ? 'at least as good as' : 'not as good as';
  const better = direction === 'minimize' ? 'lower' : 'higher';
  return {
    formatVersion: 1,
    outcome,
    against: 'threshold',
    sentence: `${outcome}: first deployment, test ${metric} ${formatNumber(value)} on ${rowCount} rows is ${comparison} the threshold ${formatNumber(threshold)} (${better} is better)${reason === null ? '' : `; ${reason}`}`,
    rule,
    metric,
    direction,
    candidate: Number.isFinite(value) ? value : null,
    champion: null,
    championVersion: null,
    championStored: null,
    threshold,
    gain: null,
    confidence: null,
    confidenceRequired: null,
    rowsScored: rowCount,
    blocksScored: null,
    position: 'unknown',
    reason,
    override: null,
  };
}
