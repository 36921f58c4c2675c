import { describeOverrides, nameTrial } from '@slipway/evaluation';
import type { Trial } from '@slipway/training';
import type { Output } from './output.ts';
import { formatNumber } from './table.ts';

/** Prints a line per trial as it is made, and on a terminal how long the others will take, once that can be told. */
export function createTrialLines(
  output: Output,
  { metric, now }: { readonly metric: string; readonly now: () => number },
): (trial: Trial, total: number) => void {
  let made = 0;
  let firstAt = 0;
  return (trial, total) => {
    if (made === 0) {
      output.line(`  ${'made'.padStart(7)}  ${'trial'.padEnd(9)}  ${metric.padStart(8)}  between folds`);
      firstAt = now();
    }
    made += 1;
    output.line(`  ${describeTrial(trial, { made, total })}`);
    const left = Math.ceil(((total - made) * (now() - firstAt)) / Math.max(1, made - 1) / 1000);
    const estimate = made > 1 ? `, about ${left} s left` : '';
    if (made < total) output.progress(`  ${`${made}/${total}`.padStart(7)} made${estimate}`);
  };
}

function describeTrial(
  trial: Trial,
  { made, total }: { readonly made: number; readonly total: number },
): string {
  const { number, overrides, share, result, failure } = trial;
  const score = result === null ? 'failed' : formatNumber(result.mean);
  const spread = result === null ? '' : `± ${formatNumber(result.deviation)}`;
  const rows = share < 1 ? `${Math.round(share * 100)} % of the rows, ` : '';
  const says = number === 0 ? 'the configuration as it is' : `${rows}${describeOverrides(overrides)}`;
  const text = failure === undefined ? says : `${says}: ${failure.message}`;
  const cells = [`${made}/${total}`.padStart(7), nameTrial(trial).padEnd(9), score.padStart(8)];
  return [...cells, spread.padEnd(13), text].join('  ');
}
