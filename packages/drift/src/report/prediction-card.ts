import type { NumericCells } from '@slipway/contracts';
import { formatLimits, formatShare, plotPairedBars, renderCard } from '@slipway/report';
import { coarseCounts } from '../compare-column.ts';
import { cellLimits } from './cell-names.ts';
import { comparisonLegend } from './comparison-legend.ts';
import type { DriftReport } from './drift-report.ts';

/** Predictions then and now, over the cells that the verdict is reached on. */
export function predictionCard({ baseline, state, overall, target, columns }: DriftReport): string {
  const [column, counted] = [baseline.columns[0]!, state.columns[0]!];
  const { reference, current } = coarseCounts(column, counted);
  const unit = columns?.[target]?.unit ?? target;
  const plot = plotPairedBars({
    limits: formatLimits(cellLimits(column.cells as NumericCells)),
    first: shares(reference),
    second: shares(current),
    xTitle: `predicted ${target === unit ? '' : `${target}, `}${unit}; cells of equally many test rows`,
    label: 'Shares of test and live predictions by cell',
  });
  const { unseenShare } = overall.prediction;
  const beyond =
    unseenShare === 0 ? '' : `; ${formatShare(unseenShare)} of the live ones lie beyond all of them`;
  return renderCard({
    title: 'Predictions, test and live',
    note: `share of rows in the cells of the test predictions${beyond}`.replace('<', '&lt;'),
    content: comparisonLegend() + plot,
  });
}

/** Counts as shares of their sum. */
export function shares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0) || 1;
  return counts.map((count) => count / total);
}
