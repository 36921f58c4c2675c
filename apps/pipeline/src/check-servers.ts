import { registeredName } from '@slipway/registry-client';
import type { CommandContext } from './command-context.ts';

type Asking = Pick<CommandContext, 'environment' | 'database' | 'trackingServer'>;

/**
 * Asks each server that the settings name for an answer, before something begins that would go wrong without it. Nothing
 * embedded is started for it.
 * @throws SlipwayError what the server's own client throws: `database_unreachable`, `registry_unavailable`, ...
 */
export async function checkServers(
  { environment, database, trackingServer }: Asking,
  { model }: { readonly model: string },
): Promise<void> {
  if (environment.databaseUrl !== undefined) await database();
  await trackingServer()?.findVersionByAlias(registeredName(model, environment.environment), 'production');
}
