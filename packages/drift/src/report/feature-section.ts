import type { DriftBaselineColumn, DriftStateColumn } from '@slipway/contracts';
import {
  escapeHtml,
  formatFigure,
  formatPValue,
  formatShare,
  renderBarList,
  renderCard,
  renderGrid,
  renderSection,
} from '@slipway/report';
import { coarseCounts, type ColumnDrift } from '../compare-column.ts';
import { cellNames } from './cell-names.ts';
import { shares } from './prediction-card.ts';
import { comparisonLegend } from './comparison-legend.ts';
import type { DriftReport, ReportedColumn } from './drift-report.ts';

/** Every feature then and now, the most moved first. */
export function featureSection({ baseline, state, overall, columns = {} }: DriftReport): string {
  const cards = overall.features
    .map((drift, index) => ({ drift, place: index + 1 }))
    .sort((a, b) => (b.drift.psi ?? 0) - (a.drift.psi ?? 0))
    .map(({ drift, place }) =>
      featureCard(drift, baseline.columns[place]!, state.columns[place]!, columns[drift.name]),
    );
  if (cards.length === 0) return '';
  const note =
    'over all windows; they explain the verdict and do not decide it; p is adjusted for their number';
  return renderSection('Features, the most moved first', note, comparisonLegend() + renderGrid(cards));
}

function featureCard(
  drift: ColumnDrift,
  column: DriftBaselineColumn,
  counted: DriftStateColumn,
  { unit, enum: order }: ReportedColumn = {},
): string {
  const bars = orderedBars(column, counted, order);
  const longest = Math.max(...bars.flatMap(({ test, live }) => [test, live])) || 1;
  const list = bars.map(({ name, test, live }) => ({
    name,
    bars: [
      { color: 'blue' as const, length: test / longest },
      { color: 'orange' as const, length: live / longest },
    ],
    text: `${Math.round(test * 100)} → ${formatShare(live)}`,
  }));
  return renderCard({
    title: unit === undefined ? drift.name : `${drift.name}, ${unit}`,
    note: escapeHtml(featureLine(drift)),
    content: renderBarList(list, { label: `${drift.name}, test and live` }),
    tag: drift.isDrifted ? { text: 'moved', tone: 'bad' } : { text: 'steady', tone: 'calm' },
  });
}

interface CellShares {
  readonly name: string;
  readonly test: number;
  readonly live: number;
}

/** Shares by cell; categories in their natural order where one is known, with others and NULL last. */
function orderedBars(
  column: DriftBaselineColumn,
  counted: DriftStateColumn,
  order: readonly string[] | undefined,
): CellShares[] {
  const { reference, current } = coarseCounts(column, counted);
  const [test, live] = [shares(reference), shares(current)];
  const names = cellNames(column, counted);
  const hasNull = column.nullCount + counted.nullCount > 0;
  const cells = test.map((share, cell) => {
    const name = hasNull && cell === test.length - 1 ? 'NULL' : (names[cell] ?? 'NULL');
    return { name, test: share, live: live[cell]! };
  });
  if (column.cells.kind !== 'categorical' || order === undefined) return cells;
  const known = column.cells.categories.length;
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...cells.slice(0, known).sort((a, b) => place(a.name) - place(b.name)), ...cells.slice(known)];
}

function featureLine({ psi, adjustedPValue, jensenShannon, nullShare, unseenShare }: ColumnDrift): string {
  if (psi === null) return 'no values to compare';
  const parts = [
    `PSI ${formatFigure(psi)}`,
    `p ${formatPValue(adjustedPValue)}`,
    `Jensen-Shannon ${formatFigure(jensenShannon)}`,
  ];
  if (unseenShare > 0) parts.push(`${formatShare(unseenShare)} never seen in the test rows`);
  if (nullShare > 0) parts.push(`${formatShare(nullShare)} NULL`);
  return parts.join(' · ');
}
