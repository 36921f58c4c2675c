import type { RunMetric } from '@slipway/registry-client';

/** Metrics on the test rows as points of a run. */
export function toTestMetrics(metrics: Readonly<Record<string, number>>, timestamp: number): RunMetric[] {
  return Object.entries(metrics).map(([name, value]) => ({ key: `test.${name}`, value, timestamp, step: 0 }));
}
