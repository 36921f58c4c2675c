/** Counters of a serving process, in the Prometheus text format 0.0.4. Labels are models and statuses: bounded. */
export interface ServingMetrics {
  countRequest(model: string, status: number): void;
  countRows(model: string, rows: number): void;
  setVersion(model: string, version: string): void;
  /** Gauges that are read when scraped. */
  readonly gauges: Map<string, () => number>;
  render(): string;
}

export function createServingMetrics(): ServingMetrics {
  const requests = new Map<string, number>();
  const rows = new Map<string, number>();
  const versions = new Map<string, string>();
  const gauges = new Map<string, () => number>();
  const add = (counts: Map<string, number>, key: string, count: number): void => {
    counts.set(key, (counts.get(key) ?? 0) + count);
  };
  return {
    gauges,
    countRequest: (model, status) => add(requests, `model="${model}",status="${status}"`, 1),
    countRows: (model, count) => add(rows, `model="${model}"`, count),
    setVersion: (model, version) => versions.set(model, version),
    render() {
      const lines = [
        '# TYPE slipway_requests_total counter',
        ...[...requests].map(([labels, count]) => `slipway_requests_total{${labels}} ${count}`),
        '# TYPE slipway_predicted_rows_total counter',
        ...[...rows].map(([labels, count]) => `slipway_predicted_rows_total{${labels}} ${count}`),
        '# TYPE slipway_model_version_info gauge',
        ...[...versions].map(
          ([model, version]) => `slipway_model_version_info{model="${model}",version="${version}"} 1`,
        ),
        ...[...gauges].flatMap(([name, read]) => [`# TYPE ${name} gauge`, `${name} ${read()}`]),
      ];
      return `${lines.join('\n')}\n`;
    },
  };
}
