import { createMlflowClient, registeredName } from '@slipway/registry-client';
import type { CommandContext } from './command-context.ts';

/**
 * Asks each server that the settings name for an answer, before something begins that would go wrong without it.
 * @throws SlipwayError what the server's own client throws: `database_unreachable`, `registry_unavailable`, ...
 */
export async function checkServers(
  { environment, database, now }: Pick<CommandContext, 'environment' | 'database' | 'now'>,
  { model }: { readonly model: string },
): Promise<void> {
  if (environment.databaseUrl !== undefined) await database();
  if (environment.mlflow === undefined) return;
  const registry = createMlflowClient({ ...environment.mlflow, now });
  await registry.findVersionByAlias(registeredName(model, environment.environment), 'production');
}
