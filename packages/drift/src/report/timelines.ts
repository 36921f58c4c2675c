import {
  formatDay,
  formatFigure,
  formatShortDay,
  plotTimeline,
  renderCard,
  renderGrid,
} from '@slipway/report';
import { describeMissingLabels } from '../describe-missing-labels.ts';
import type { DriftReport } from './drift-report.ts';

/** PSI and live error by window, the time of an alert tinted. */
export function timelines({
  windows,
  policy,
  testRmse,
  target,
  columns,
  unmatchedLabels,
}: DriftReport): string {
  const points = (valueOf: (window: (typeof windows)[number]) => number | null, isError: boolean) =>
    windows.map((window) => ({
      name: formatShortDay(window.from),
      value: valueOf(window),
      isMarked: !isError && window.verdict.outcome === 'drift',
      isShaded: window.alert.firing,
      title: `from ${formatDay(window.from)}: ${formatFigure(valueOf(window))}, ${window.verdict.outcome}`,
    }));
  const psi = plotTimeline(
    points(({ verdict }) => (verdict.outcome === 'insufficient' ? null : verdict.prediction.psi), false),
    { label: 'PSI of the predictions by window', guide: { value: policy.minimumPsi, text: 'matters' } },
  );
  const errors = plotTimeline(
    points(({ liveRmse }) => liveRmse, true),
    {
      label: 'Live RMSE by window',
      guide: testRmse === null ? undefined : { value: testRmse, text: 'test' },
    },
  );
  const hasLabels = windows.some(({ liveRmse }) => liveRmse !== null);
  const unit = columns?.[target]?.unit ?? target;
  return renderGrid(
    [
      renderCard({
        title: 'PSI of the predictions, by window',
        note: 'orange: the window drifts; tinted: the alert fires',
        content: psi,
      }),
      renderCard({
        title: `Live RMSE, ${unit}, by window`,
        note: hasLabels ? 'over the rows whose label has arrived' : describeMissingLabels(unmatchedLabels),
        content: hasLabels ? errors : '',
      }),
    ],
    { wide: true },
  );
}
