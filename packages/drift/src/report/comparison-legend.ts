import { renderLegend } from '@slipway/report';

/** The legend of every comparison on the page. */
export function comparisonLegend(): string {
  return renderLegend([
    { color: 'blue', text: 'test rows' },
    { color: 'orange', text: 'live' },
  ]);
}
