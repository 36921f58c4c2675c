import type { Database } from '@slipway/database';

export interface EmbeddedRegistryOptions {
  /** Migrated with `registryMigrations`. */
  readonly database: Database;
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
  /** 32 hexadecimal characters, new at every call. */
  readonly generateId: () => string;
}
