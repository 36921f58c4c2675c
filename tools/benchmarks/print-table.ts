import { leastMs, medianMs, peakMb } from './alternate.ts';
import type { Measurement } from './benchmark.ts';

/** Measurements as a Markdown table, as docs/benchmarks.md keeps them. */
export function printTable(measurements: readonly Measurement[]): string {
  const head = ['', 'rows', 'min s', 'median s', 'rows/s', "Node's peak MiB"];
  const rows = measurements.map((measurement) => [
    measurement.name,
    measurement.rows.toLocaleString('en'),
    (leastMs(measurement) / 1000).toFixed(2),
    (medianMs(measurement) / 1000).toFixed(2),
    Math.round(measurement.rows / (leastMs(measurement) / 1000)).toLocaleString('en'),
    peakMb(measurement).toFixed(0),
  ]);
  const lines = [head, head.map(() => '---'), ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) => `| ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`)
    .join('\n');
}
