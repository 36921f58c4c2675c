import { z } from 'zod';
import type { SearchRunsOptions } from '../run-registry.ts';
import type { Run } from '../run.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { quoteFilterText } from './quote-filter-text.ts';
import { sendForJson } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';
import { toRun, wireRunSchema } from './wire/run-schema.ts';
import { wireList } from './wire/wire-values.ts';

const schema = z.object({ runs: wireList(wireRunSchema), next_page_token: z.string().nullish() });
const pageSize = 1_000;

/**
 * Active runs of an experiment with all of these tags, newest start first. What the filter language cannot say about a
 * tag is compared here. A page token is an offset, so a run may come twice while others are made: it is taken once.
 */
export async function searchRuns(
  transport: MlflowTransport,
  { experimentId, tags = {}, status, maxResults = 1_000 }: SearchRunsOptions,
): Promise<readonly Run[]> {
  const filter = runFilter(tags, status);
  const found = new Map<string, Run>();
  let token: string | undefined;
  do {
    const page = await sendForJson(
      transport,
      {
        action: 'searching runs',
        method: 'POST',
        path: trackingPath('runs/search'),
        body: {
          experiment_ids: [experimentId],
          filter: filter.text,
          run_view_type: 'ACTIVE_ONLY',
          max_results: filter.isWhole ? Math.min(pageSize, maxResults - found.size) : pageSize,
          order_by: ['attributes.start_time DESC'],
          page_token: token,
        },
        isRepeatable: true,
      },
      schema,
    );
    for (const run of page.runs.map(toRun)) {
      if (hasTags(run, tags)) found.set(run.runId, run);
    }
    token = page.next_page_token === token ? undefined : page.next_page_token || undefined;
  } while (token !== undefined && found.size < maxResults);
  // A server that was told everything sends no more than it was asked for.
  return filter.isWhole ? [...found.values()] : [...found.values()].slice(0, maxResults);
}

function runFilter(
  tags: Readonly<Record<string, string>>,
  status: string | undefined,
): { text: string; isWhole: boolean } {
  const conditions = Object.entries(tags).map(([key, value]) => {
    const quoted = quoteFilterText(value);
    return quoted === undefined ? undefined : `tags.\`${key}\` = ${quoted}`;
  });
  if (status !== undefined) conditions.push(`attributes.status = '${status}'`);
  const sayable = conditions.filter((condition) => condition !== undefined);
  return { text: sayable.join(' AND '), isWhole: sayable.length === conditions.length };
}

function hasTags(run: Run, tags: Readonly<Record<string, string>>): boolean {
  return Object.entries(tags).every(([key, value]) => run.tags[key] === value);
}
