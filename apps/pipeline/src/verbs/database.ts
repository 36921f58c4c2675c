import { join } from 'node:path';
import { connectDatabase, migrate } from '@slipway/database';
import { embeddedServerStatus, stopEmbeddedServer } from '@slipway/database/embedded';
import { allMigrations, type CommandContext } from '../command-context.ts';
import { exitCode } from '../exit-code.ts';
import type { Verb } from '../verb.ts';

export const databaseStatus: Verb = {
  refusesEmbedded: 'none',
  words: [],
  options: [],
  help: 'Say which database is used and whether it runs',
  example: 'db status',
  run: async (command) => {
    const { environment, output } = command;
    const status =
      environment.databaseUrl === undefined
        ? { kind: 'embedded', ...(await embeddedServerStatus({ directory: embeddedDirectory(command) })) }
        : await serverStatus(environment.databaseUrl);
    const shown = Object.fromEntries(Object.entries(status).filter(([key]) => key !== 'url'));
    for (const [key, value] of Object.entries(shown)) output.line(`${key.padEnd(18)} ${String(value)}`);
    output.document(shown);
    return exitCode.done;
  },
};

export const databaseStop: Verb = {
  refusesEmbedded: 'none',
  words: [],
  options: [],
  help: 'Stop the embedded database server',
  example: 'db stop',
  run: async (command) => {
    const { stopped } = await stopEmbeddedServer({ directory: embeddedDirectory(command) });
    command.output.line(
      stopped ? 'embedded database server stopped' : 'no embedded database server was running',
    );
    command.output.document({ stopped });
    return exitCode.done;
  },
};

export const databaseUrl: Verb = {
  refusesEmbedded: 'database',
  words: [],
  options: [],
  help: 'Print the URL of the database, for psql or Python',
  more: 'Starts the embedded server where that is used.',
  example: 'db url',
  run: async (command) => {
    const url = await command.databaseUrl();
    command.output.line(url);
    command.output.document({ url });
    return exitCode.done;
  },
};

export const databaseMigrate: Verb = {
  refusesEmbedded: 'database',
  words: [],
  options: [],
  help: 'Bring the schemas of all packages up to date',
  example: 'db migrate',
  run: async (command) => {
    const database = await connectDatabase({ url: await command.databaseUrl(), applicationName: 'slipway' });
    try {
      const applied: Record<string, number> = {};
      for (const set of allMigrations) applied[set.package] = (await migrate(database, set)).applied;
      for (const [name, count] of Object.entries(applied))
        command.output.line(`${name.padEnd(18)} ${count} applied`);
      command.output.document(applied);
    } finally {
      await database.close();
    }
    return exitCode.done;
  },
};

function embeddedDirectory({ project }: CommandContext): string {
  return join(project.state, 'postgres');
}

async function serverStatus(
  url: string,
): Promise<{ kind: string; state: string; version: string; url?: string }> {
  const database = await connectDatabase({ url, applicationName: 'slipway' });
  try {
    const [row] = await database.query<{ version: string }>(
      "SELECT current_setting('server_version') AS version",
    );
    return { kind: 'server', state: 'running', version: row?.version ?? '' };
  } finally {
    await database.close();
  }
}
