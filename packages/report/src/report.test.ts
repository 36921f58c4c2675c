import { describe, expect, it } from 'vitest';
import {
  escapeHtml,
  formatCount,
  formatDay,
  formatFigure,
  formatLimits,
  formatPValue,
  formatShare,
  formatShortDay,
  formatTime,
  plotCumulative,
  plotDensity,
  plotHistogram,
  plotPairedBars,
  plotTimeline,
  renderBarList,
  renderPage,
  renderTable,
  renderTiles,
} from './index.ts';
import { formatTick, roundTicks } from './round-ticks.ts';

describe('numbers for people', () => {
  it.each([
    [0, '< 1e-300'],
    [1e-301, '< 1e-300'],
    [1.6e-7, '1.6e-7'],
    [0.00099, '9.9e-4'],
    [0.001, '0.001'],
    [0.63, '0.63'],
    [1, '1.00'],
    [null, '-'],
  ])('p-value %s is %s', (value, text) => expect(formatPValue(value)).toBe(text));

  it.each([
    [0, '0 %'],
    [0.0004, '< 0.1 %'],
    [0.0636, '6.4 %'],
    [0.5, '50 %'],
    [1, '100 %'],
  ])('share %s is %s', (value, text) => expect(formatShare(value)).toBe(text));

  it.each([
    [0.123456, '0.123'],
    [-12.34, '-12.3'],
    [1234.5, '1,235'],
    [2e-14, '0'],
    [null, '-'],
  ])('figure %s is %s', (value, text) => expect(formatFigure(value)).toBe(text));

  it('counts have commas', () =>
    expect([999, 1000, 1234567].map(formatCount)).toEqual(['999', '1,000', '1,234,567']));

  it('limits are as short as tells them apart', () => {
    expect(formatLimits([1.46, 7.01, 23.7, 574])).toEqual(['1', '7', '24', '574']);
    expect(formatLimits([-12, -0.0016, 42])).toEqual(['-12', '0', '42']);
    expect(formatLimits([0.21, 0.225, 0.3])).toEqual(['0.21', '0.225', '0.3']);
    expect(formatLimits([0.01, 0.012, 5000])).toEqual(['0.01', '0.012', '5,000']);
    expect(formatLimits([5, 5])).toEqual(['5', '5']);
  });
});

describe('times', () => {
  const time = Date.UTC(2011, 6, 1, 9, 5) * 1000;
  it('are UTC', () => {
    expect([formatDay(time), formatShortDay(time), formatTime(time)]).toEqual([
      '1 July 2011',
      '1 Jul',
      '1 July 2011, 09:05 UTC',
    ]);
  });
});

describe('ticks', () => {
  it.each([
    [
      [0, 0.81],
      [0, 0.2, 0.4, 0.6, 0.8],
    ],
    [
      [0, 0.13],
      [0, 0.05, 0.1],
    ],
    [
      [-410, 410],
      [-400, -200, 0, 200, 400],
    ],
    [[3, 3], [3]],
  ] as const)('of %j are round: %j', (range, ticks) => expect(roundTicks(range)).toEqual(ticks));

  it('shorten thousands', () =>
    expect([9999, 12_000, 2.5e6].map(formatTick)).toEqual(['9999', '12k', '2.5M']));
});

describe('a page', () => {
  const hostile = '<img src=x onerror="alert(1)">';
  const values = Float64Array.from({ length: 200 }, (_, row) => Math.sin(row) * 100);
  const titles = { xTitle: hostile, yTitle: hostile, label: hostile };
  const body = [
    renderTiles([{ label: hostile, value: hostile, unit: hostile, note: hostile }]),
    renderTable([{ title: hostile }], [['1']]),
    renderBarList([{ name: hostile, bars: [{ color: 'blue', length: 0.5 }], text: hostile }], {
      label: hostile,
      guide: 0.2,
    }),
    plotDensity({ x: values, y: values, ...titles }),
    plotHistogram({ values, bins: 41, ...titles }),
    plotCumulative([{ color: 'blue', sample: values.map(Math.abs) }], titles),
    plotPairedBars({ limits: [hostile, 'a', 'b'], first: [0.5, 0.5], second: [0, 1], ...titles }),
    plotTimeline([{ name: hostile, value: 1, isMarked: true, isShaded: true, title: hostile }], {
      label: hostile,
      guide: { value: 0.5, text: hostile },
    }),
  ];
  const page = renderPage({
    kind: 'Drift',
    name: hostile,
    facts: [hostile],
    createdAt: undefined,
    verdict: { word: 'ok', tone: 'good', sentence: hostile, more: [hostile], notes: [hostile] },
    body: body.join(''),
  });

  it('escapes what it is given and runs nothing', () => {
    expect(page).not.toContain('<img');
    expect(page).not.toMatch(/<script|https?:|NaN|undefined|Infinity/);
    expect(page).toContain(escapeHtml(hostile));
    expect(page).toContain("default-src 'none'");
  });

  it('draws every row: densities and histograms lose none at the edges', () => {
    const bars = plotHistogram({ values: Float64Array.of(-1, 0, 1), bins: 3, xTitle: '', label: '' });
    expect(bars.match(/V1000Z/g)).toHaveLength(3);
    const corners = Float64Array.of(0, 10);
    const cells = plotDensity({ x: corners, y: corners, xTitle: '', yTitle: '', label: '' });
    expect(cells.match(/H\d+V\d+H\d+Z/g)).toHaveLength(2);
  });

  it('leaves a gap in a timeline where there is no value', () => {
    const point = { name: '', isMarked: false, isShaded: false, title: '' };
    const plot = plotTimeline(
      [
        { ...point, value: 1 },
        { ...point, value: null },
        { ...point, value: 2 },
      ],
      { label: '' },
    );
    expect(plot.match(/class="dot /g)).toHaveLength(2);
    expect(plot).toMatch(/class="line blue" d="M[\d. ]+M[\d. ]+"/);
  });

  it('stands with a single value and with none at all', () => {
    expect(plotDensity({ x: Float64Array.of(3), y: Float64Array.of(3), ...titles })).not.toMatch(
      /NaN|Infinity/,
    );
    expect(plotHistogram({ values: Float64Array.of(), bins: 3, ...titles })).not.toMatch(/NaN|Infinity/);
  });
});
