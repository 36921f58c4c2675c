import { SlipwayError } from '@slipway/contracts';
import { readDatabaseId } from '@slipway/datasets';
import type { Run } from '@slipway/registry-client';
import type { DeploymentContext } from './deployment-context.ts';
import { runTag } from './run-tags.ts';

/** True for a run of that database, or one from before runs said whose they are. */
export function isOfDatabase({ tags }: Run, databaseId: string): boolean {
  return (tags[runTag.database] ?? databaseId) === databaseId;
}

/**
 * Load numbers and datasets mean something in their own database only: two that deploy under the same names would take
 * each other's runs for their own.
 * @throws SlipwayError `not_deployable` for a run of another database
 */
export async function refuseOtherDatabase(
  { database }: Pick<DeploymentContext, 'database'>,
  { run, name }: { readonly run: Run; readonly name: string },
): Promise<void> {
  if (isOfDatabase(run, await readDatabaseId(database))) return;
  throw new SlipwayError('not_deployable', {
    what: `${name} was last deployed from another database, by run ${run.runId}`,
    expected: 'one database for all deployments of an environment',
    next: `Set SLIPWAY_ENV to a name of your own, or DATABASE_URL to that database; if it is lost for good, remove the tag "${runTag.database}" of that run`,
    details: { runId: run.runId },
  });
}
