import { createTestDatabase, findPostgresServer } from '@slipway/database/testing';
import { mlflowCacheFolder, startMlflowServer } from '@slipway/registry-client/testing';
import type { Database } from '@slipway/database';
import { openServerDoor, type DoorState } from './server-door.ts';

/** The setting that names a server, and the URL it names. */
export interface NamedServer {
  readonly setting: 'DATABASE_URL' | 'MLFLOW_TRACKING_URI';
  readonly url: string;
}

/** A database and an MLflow server that seem to go away and come back; what they hold stays. */
export interface ServersBehindDoors {
  readonly database: NamedServer;
  readonly registry: NamedServer;
  /** What may stand in no message. */
  readonly secrets: readonly string[];
  /** Past the door. */
  readonly connection: Database;
  set(states: { readonly database: DoorState; readonly registry: DoorState }): Promise<void>;
  /** The settings that lead to both. */
  variables(): Record<NamedServer['setting'], string>;
  stop(): Promise<void>;
}

/** Starts MLflow 3, makes a database on the Postgres server of a suite, and opens a door in front of each. */
export async function startServersBehindDoors(
  variables: Readonly<Record<string, string | undefined>>,
  { processId }: { readonly processId: number },
): Promise<ServersBehindDoors> {
  const { url: server } = await findPostgresServer(variables['DATABASE_URL']);
  const [postgres, mlflow] = await Promise.all([
    createTestDatabase({ server }),
    startMlflowServer({ major: '3', cacheFolder: mlflowCacheFolder(variables) }),
  ]);
  const start = processId * 10;
  const doors = {
    database: await openServerDoor({ to: withPassword(postgres.url, 'hidden-one'), start }),
    registry: await openServerDoor({ to: withPassword(mlflow.url, 'hidden-two'), start }),
  };
  return {
    database: { setting: 'DATABASE_URL', url: doors.database.url },
    registry: { setting: 'MLFLOW_TRACKING_URI', url: doors.registry.url },
    secrets: Object.values(doors).map(({ url }) => new URL(url).password),
    connection: postgres.database,
    set: async ({ database, registry }) => {
      await Promise.all([doors.database.set(database), doors.registry.set(registry)]);
    },
    variables: () => ({ DATABASE_URL: doors.database.url, MLFLOW_TRACKING_URI: doors.registry.url }),
    stop: async () => {
      await Promise.all(Object.values(doors).map((door) => door.set('shut')));
      await Promise.all([postgres.drop(), mlflow.stop()]);
    },
  };
}

/** A server that trusts everybody asks for no password, and one in the URL does no harm. */
function withPassword(address: string, password: string): string {
  const url = new URL(address);
  url.username ||= 'ada';
  url.password ||= password;
  return url.href;
}
