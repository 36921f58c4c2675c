import { describeOverrides } from '@slipway/evaluation';
import type { Trial } from '@slipway/training';
import type { Output } from './output.ts';
import { formatNumber } from './table.ts';

/** Prints a line per trial as it is made, the best so far marked, and what is left in place on a terminal. */
export function createTrialLines(
  output: Output,
  { metric, now }: { readonly metric: string; readonly now: () => number },
): (trial: Trial, total: number) => void {
  const startedAt = now();
  let made = 0;
  return (trial, total) => {
    if (made === 0)
      output.line(`  ${'made'.padStart(7)}  ${'trial'.padEnd(8)}  ${metric.padStart(8)}  between folds`);
    made += 1;
    output.line(`  ${describeTrial(trial, { made, total })}`);
    const left = Math.ceil(((total - made) * (now() - startedAt)) / made / 1000);
    if (made < total) output.progress(`  ${`${made}/${total}`.padStart(7)} made, about ${left} s left`);
  };
}

function describeTrial(
  { number, overrides, share, result, failure }: Trial,
  { made, total }: { readonly made: number; readonly total: number },
): string {
  const score = result === null ? 'failed' : formatNumber(result.mean);
  const spread = result === null ? '' : `± ${formatNumber(result.deviation)}`;
  const rows = share < 1 ? `${Math.round(share * 100)} % of the rows, ` : '';
  const name = number === 0 ? 'start' : `trial ${number}`;
  const says = number === 0 ? 'the configuration as it is' : `${rows}${describeOverrides(overrides)}`;
  const text = failure === undefined ? says : `${says}: ${failure.message}`;
  return [`${made}/${total}`.padStart(7), name.padEnd(8), score.padStart(8), spread.padEnd(13), text].join(
    '  ',
  );
}
