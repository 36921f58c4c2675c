import { z } from 'zod';
import type { ModelVersion } from '../model-version.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { sendForJson } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';
import { wireModelVersionSchema } from './wire/model-version-schema.ts';
import { wireList } from './wire/wire-values.ts';

const schema = z.object({
  model_versions: wireList(wireModelVersionSchema),
  next_page_token: z.string().nullish(),
});
const pageSize = 1_000;

/** Every version a filter finds, each once, highest number first. The search leaves the aliases out. */
export async function searchModelVersions(
  transport: MlflowTransport,
  filter: string | undefined,
): Promise<readonly ModelVersion[]> {
  const found = new Map<string, ModelVersion>();
  let token: string | undefined;
  do {
    const page = await sendForJson(
      transport,
      {
        action: 'searching model versions',
        method: 'GET',
        path: trackingPath('model-versions/search'),
        query: { filter, max_results: pageSize, order_by: 'version_number DESC', page_token: token },
      },
      schema,
    );
    for (const version of page.model_versions) found.set(`${version.version} ${version.name}`, version);
    token = page.next_page_token === token ? undefined : page.next_page_token || undefined;
  } while (token !== undefined);
  return [...found.values()].sort((a, b) => Number(b.version) - Number(a.version));
}
