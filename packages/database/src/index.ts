export { readBatch, writeBatch, type BatchQuery } from './bulk.ts';
export { checkStorable } from './check-storable.ts';
export { connectDatabase, oldestMajor } from './connect-database.ts';
export type { Database, Queryable, Transaction } from './database.ts';
export { quoteIdentifier, quoteLiteral, quoteTable, type TableName } from './identifiers.ts';
export { inlineParameters, type SqlParameter } from './inline-parameters.ts';
export { withLease, type Lease, type LeaseOptions } from './lease.ts';
export { databaseMigrations, migrate, type MigrationSet } from './migrate.ts';
export { postgresEpoch, postgresTypes } from './postgres-types.ts';
