import { z } from 'zod';
import type { RunMetric } from '../run-metric.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { fetchRun } from './fetch-run.ts';
import { isMissing } from './mlflow-answer.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { runNotFound } from './not-found-errors.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';
import { compareMetrics, wireMetricSchema } from './wire/metric-schema.ts';
import { wireList } from './wire/wire-values.ts';

const schema = z.object({ metrics: wireList(wireMetricSchema), next_page_token: z.string().nullish() });
const pageSize = 10_000;

/**
 * Every value of one metric by step, then timestamp. `max_results` is always sent: without it some 3.x servers answer
 * nothing and a page token that never advances.
 * @throws SlipwayError `run_not_found`
 */
export async function getMetricHistory(
  transport: MlflowTransport,
  runId: string,
  key: string,
): Promise<readonly RunMetric[]> {
  const found = new Map<string, RunMetric>();
  let token: string | undefined;
  do {
    const request: MlflowRequest = {
      action: 'reading the history of a metric',
      method: 'GET',
      path: trackingPath('metrics/get-history'),
      query: { run_id: runId, metric_key: key, max_results: pageSize, page_token: token },
    };
    const answer = await transport.send(request);
    if (isMissing(answer)) throw runNotFound(runId);
    const page = readBody(answer, { transport, request, schema });
    for (const metric of page.metrics)
      found.set(`${metric.step} ${metric.timestamp} ${metric.value}`, metric);
    token = page.next_page_token === token ? undefined : page.next_page_token || undefined;
  } while (token !== undefined);
  // A history is empty for a run that does not exist, too.
  if (found.size === 0) await fetchRun(transport, runId);
  return [...found.values()].sort(compareMetrics);
}
