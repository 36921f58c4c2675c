import { join } from 'node:path';
import { SlipwayError } from '@slipway/contracts';
import { findFullDisk } from '@slipway/database/embedded';
import type { CommandContext } from './command-context.ts';

/** A server that has no room for its log goes away in the middle of a statement: the disk is the reason to name then. */
export async function explainFailure(
  error: unknown,
  { environment, project }: Pick<CommandContext, 'environment' | 'project'>,
): Promise<unknown> {
  const isGone = SlipwayError.isInstance(error) && error.code === 'database_unreachable';
  if (!isGone || environment.databaseUrl !== undefined) return error;
  return (await findFullDisk({ directory: join(project.state, 'postgres') })) ?? error;
}
