import { z } from 'zod';
import type { LoggedModel } from '../../logged-model.ts';
import type { ListLoggedModelsOptions } from '../../model-registry.ts';
import type { MlflowTransport } from '../create-mlflow-transport.ts';
import { quoteFilterText } from '../quote-filter-text.ts';
import { sendForJson } from '../read-body.ts';
import { trackingPath } from '../tracking-path.ts';
import { toLoggedModel, wireLoggedModelSchema } from '../wire/logged-model-schema.ts';
import { wireList } from '../wire/wire-values.ts';

const schema = z.object({ models: wireList(wireLoggedModelSchema), next_page_token: z.string().nullish() });

/**
 * The logged models that name this run as their source, oldest first. The run's outputs leave out one whose process died
 * before it was tied to the run.
 */
export async function listNativeModels(
  transport: MlflowTransport,
  { experimentId, runId }: ListLoggedModelsOptions,
): Promise<readonly LoggedModel[]> {
  const quoted = quoteFilterText(runId);
  if (quoted === undefined) return [];
  const found = new Map<string, LoggedModel>();
  let token: string | undefined;
  do {
    const page = await sendForJson(
      transport,
      {
        action: 'searching logged models',
        method: 'POST',
        path: trackingPath('logged-models/search'),
        body: {
          experiment_ids: [experimentId],
          filter: `source_run_id = ${quoted}`,
          order_by: [{ field_name: 'creation_time', ascending: true }],
          page_token: token,
        },
        isRepeatable: true,
      },
      schema,
    );
    for (const model of page.models.map(toLoggedModel)) found.set(model.modelId, model);
    token = page.next_page_token === token ? undefined : page.next_page_token || undefined;
  } while (token !== undefined);
  return [...found.values()];
}
