import { join } from 'node:path';
import { SlipwayError } from '@slipway/contracts';
import { findFullDisk } from '@slipway/database/embedded';
import type { CommandContext } from './command-context.ts';
import type { Configurations } from './load-configurations.ts';

type Failed = Pick<CommandContext, 'environment' | 'project' | 'configurations'>;

/** The reason behind a failure, where what was thrown is only its consequence; else what was thrown. */
export async function explainFailure(error: unknown, command: Failed): Promise<unknown> {
  if (!SlipwayError.isInstance(error)) return error;
  if (error.code === 'database_unreachable') return (await explainLostDatabase(command)) ?? error;
  if (error.code === 'feature_table_unknown')
    return explainMissingTable(await command.configurations(), error.details['featureTable']) ?? error;
  return error;
}

/** A server that has no room for its log goes away in the middle of a statement: the disk is the reason to name then. */
async function explainLostDatabase({ environment, project }: Failed): Promise<SlipwayError | undefined> {
  if (environment.databaseUrl !== undefined) return undefined;
  return findFullDisk({ directory: join(project.state, 'postgres') });
}

/** The table that a model names may stand in a file that was not understood, first of all in the one called after it. */
function explainMissingTable({ broken }: Configurations, table: unknown): SlipwayError | undefined {
  const files = broken.filter(({ kind }) => kind === 'feature table');
  const called = files.find(({ file }) => file.replace(/\.\w+$/, '').replaceAll('-', '_') === table);
  return (called ?? files[0])?.error;
}
