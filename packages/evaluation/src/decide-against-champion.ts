import type { GateVerdict } from '@slipway/contracts';
import { evaluateRegression } from './evaluate-regression.ts';
import { formatNumber, formatPercent } from './format-number.ts';
import type { Gate } from './gate-schema.ts';
import { regressionMetrics } from './metric.ts';
import { pairedBootstrap } from './paired-bootstrap.ts';
import { lossMetrics, rowLosses } from './row-losses.ts';

export interface ChampionComparison {
  readonly gate: Gate;
  /** Target of the fresh rows: test rows that the champion was not trained on. */
  readonly observed: Float64Array;
  /** Predictions of both for those rows. */
  readonly candidate: Float64Array;
  readonly champion: Float64Array;
  /** Block number of each row, from 0, and what a block is ("date"). */
  readonly blocks?: Int32Array;
  readonly blockNoun?: string;
  readonly championVersion: string;
  /** The champion's metric when it was deployed: shown, never gated on. */
  readonly championStored: number | null;
  /** Where the rows lie relative to the candidate's training window. */
  readonly position: GateVerdict['position'];
}

/**
 * The gate of a retraining: candidate and champion are scored on the same fresh rows by the same code. Undefined scores
 * keep production, and so do equal ones unless the rule is `nonInferior`; too few rows or blocks are `insufficient`. The
 * confidence is computed whatever the rule.
 */
export function decideAgainstChampion(comparison: ChampionComparison): GateVerdict {
  const { gate, observed } = comparison;
  if (observed.length < gate.minimumRows || hasTooFewBlocks(comparison)) {
    return composeVerdict(comparison, 'insufficient', null);
  }
  const scores = score(comparison);
  if (scores === null) return composeVerdict(comparison, 'rejected', null);
  return composeVerdict(comparison, passes(gate, scores) ? 'passed' : 'rejected', scores);
}

/**
 * The verdict when the champion cannot be scored on the candidate's rows, because its columns or its tables are gone:
 * production stays, and a person may override.
 */
export function refuseUnscorable({
  gate,
  championVersion,
  championStored,
  reason,
}: Pick<ChampionComparison, 'gate' | 'championVersion' | 'championStored'> & {
  readonly reason: string;
}): GateVerdict {
  const nothing = new Float64Array(0);
  const comparison: ChampionComparison = {
    gate,
    observed: nothing,
    candidate: nothing,
    champion: nothing,
    championVersion,
    championStored,
    position: 'unknown',
  };
  return {
    ...composeVerdict(comparison, 'rejected', null),
    sentence: `rejected: version ${championVersion} cannot be compared with: ${reason}`,
    reason,
  };
}

function countBlocks({ blocks }: ChampionComparison): number | null {
  return blocks === undefined ? null : new Set(blocks).size;
}

function hasTooFewBlocks(comparison: ChampionComparison): boolean {
  const count = countBlocks(comparison);
  return count !== null && count < comparison.gate.minimumBlocks;
}

interface Scores {
  readonly candidate: number;
  readonly champion: number;
  /** Relative improvement, positive is better; null when the champion's metric is 0. */
  readonly gain: number | null;
  readonly confidence: number;
}

function score({ gate, observed, candidate, champion, blocks }: ChampionComparison): Scores | null {
  if (!candidate.every(Number.isFinite) || !champion.every(Number.isFinite)) return null;
  const { direction } = regressionMetrics[gate.metric];
  const of = evaluateRegression(observed, candidate)[gate.metric];
  const against = evaluateRegression(observed, champion)[gate.metric];
  const improvement = direction === 'minimize' ? against - of : of - against;
  const lossMetric = lossMetrics[gate.metric];
  const confidence = pairedBootstrap({
    candidate: rowLosses(lossMetric, observed, candidate),
    champion: rowLosses(lossMetric, observed, champion),
    ...(blocks === undefined ? {} : { blocks }),
    tolerance: gate.rule === 'nonInferior' ? (1 + gate.margin) ** lossMetric.power : 1,
    resamples: gate.resamples,
    seed: gate.seed,
  });
  return {
    candidate: of,
    champion: against,
    gain: against === 0 ? null : improvement / Math.abs(against),
    confidence,
  };
}

function passes({ rule, minimumGain, confidence: required }: Gate, { gain, confidence }: Scores): boolean {
  if (rule === 'nonInferior') return confidence >= required;
  if (gain === null || gain <= 0 || gain < minimumGain) return false;
  return rule === 'better' || confidence >= required;
}

function composeVerdict(
  comparison: ChampionComparison,
  outcome: 'passed' | 'rejected' | 'insufficient',
  scores: Scores | null,
): GateVerdict {
  const { gate, observed, championVersion, championStored, position } = comparison;
  const blocksScored = countBlocks(comparison);
  const reason = explain(comparison, outcome, scores);
  return {
    formatVersion: 1,
    outcome,
    against: 'champion',
    sentence: describe(comparison, { outcome, scores, blocksScored, reason }),
    rule: gate.rule,
    metric: gate.metric,
    direction: regressionMetrics[gate.metric].direction,
    candidate: scores?.candidate ?? null,
    champion: scores?.champion ?? null,
    championVersion,
    championStored,
    threshold: null,
    gain: scores?.gain ?? null,
    confidence: scores?.confidence ?? null,
    confidenceRequired: gate.rule === 'better' ? null : gate.confidence,
    rowsScored: observed.length,
    blocksScored,
    position,
    reason,
    override: null,
  };
}

function explain(
  comparison: ChampionComparison,
  outcome: GateVerdict['outcome'],
  scores: Scores | null,
): string | null {
  if (outcome === 'passed') return null;
  if (outcome === 'insufficient') return explainTooFew(comparison);
  const { gate, candidate } = comparison;
  if (scores === null) {
    return `a prediction of the ${candidate.every(Number.isFinite) ? 'champion' : 'candidate'} is not a number`;
  }
  if (gate.rule === 'nonInferior') return `the confidence is below ${gate.confidence}`;
  if (scores.gain === null || scores.gain <= 0) return 'the candidate is not better';
  if (scores.gain < gate.minimumGain) return `the gain is below ${formatPercent(gate.minimumGain)}`;
  return `the confidence is below ${gate.confidence}`;
}

function explainTooFew({ gate, observed, blockNoun = 'block', ...rest }: ChampionComparison): string {
  if (observed.length < gate.minimumRows) {
    return `${observed.length} fresh rows are fewer than the ${gate.minimumRows} a decision needs`;
  }
  const blocks = countBlocks({ gate, observed, ...rest });
  return `${blocks} ${blockNoun}s are fewer than the ${gate.minimumBlocks} a confidence needs`;
}

const positions: Readonly<Record<GateVerdict['position'], string>> = {
  inside: "inside the candidate's training window",
  after: "after the candidate's training window",
  mixed: "partly after the candidate's training window",
  unknown: 'with no known place in time',
};

function describe(
  { gate, observed, blockNoun = 'block', championVersion, position }: ChampionComparison,
  {
    outcome,
    scores,
    blocksScored,
    reason,
  }: { outcome: string; scores: Scores | null; blocksScored: number | null; reason: string | null },
): string {
  const days = blocksScored === null ? '' : ` of ${blocksScored} ${blockNoun}s`;
  const rows = `on the same ${observed.length} fresh rows${days}, ${positions[position]}`;
  const end = reason === null ? '' : `; ${reason}`;
  if (scores === null) return `${outcome}: against version ${championVersion} ${rows}${end}`;
  const { candidate, champion, gain, confidence } = scores;
  const change = gain === null ? '' : `, ${formatPercent(Math.abs(gain))} ${gain > 0 ? 'better' : 'worse'}`;
  const unit = blocksScored === null ? 'rows' : `${blockNoun} blocks`;
  return (
    `${outcome}: ${gate.metric} ${formatNumber(candidate)} against ${formatNumber(champion)} of version ${championVersion}${change}, ` +
    `${rows}; confidence ${confidence.toFixed(3)} by ${unit}; rule ${gate.rule}${end}`
  );
}
