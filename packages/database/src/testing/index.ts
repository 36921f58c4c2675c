export { createTestDatabase, type TestDatabase, type TestDatabaseOptions } from './create-test-database.ts';
export { findPostgresServer, type PostgresServer } from './find-postgres-server.ts';
