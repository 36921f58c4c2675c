import type { ModelVersion } from '../model-version.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { findRegisteredModel } from './find-registered-model.ts';
import { quoteFilterText } from './quote-filter-text.ts';
import { searchModelVersions } from './search-model-versions.ts';

/** The versions of a registered model, highest number first, with the aliases that the model's own record has. */
export async function listModelVersions(
  transport: MlflowTransport,
  name: string,
): Promise<readonly ModelVersion[]> {
  const model = await findRegisteredModel(transport, name);
  if (model === undefined) return [];
  const quoted = quoteFilterText(name);
  const versions = await searchModelVersions(transport, quoted && `name = ${quoted}`);
  return versions
    .filter((version) => version.name === name)
    .map((version) => ({ ...version, aliases: aliasesOf(model.aliases, version.version) }));
}

function aliasesOf(aliases: Readonly<Record<string, string>>, version: string): readonly string[] {
  return Object.keys(aliases)
    .filter((alias) => aliases[alias] === version)
    .sort();
}
