import { describe, expect, it } from 'vitest';
import { describeMissingGrant } from './missing-grant.ts';

// The messages are PostgreSQL's own (aclcheck_error in its src/backend/catalog/aclchk.c).
const cases: readonly [message: string, statement: string, grant: string | undefined][] = [
  [
    'permission denied for table run',
    'INSERT INTO registry.run (run_id) SELECT $1 FROM registry.experiment',
    'GRANT INSERT ON registry.run TO ada',
  ],
  [
    'permission denied for table experiment',
    'INSERT INTO registry.run (run_id) SELECT $1 FROM registry.experiment',
    'GRANT SELECT ON registry.experiment TO ada',
  ],
  [
    'permission denied for table lease',
    'INSERT INTO slipway_leases.lease AS held VALUES ($1) ON CONFLICT (name) DO UPDATE SET holder = $1',
    'GRANT SELECT, INSERT, UPDATE ON slipway_leases.lease TO ada',
  ],
  [
    'permission denied for table run',
    'SELECT 1 FROM registry.run WHERE run_id = $1 FOR UPDATE',
    'GRANT SELECT, UPDATE ON registry.run TO ada',
  ],
  [
    'permission denied for table bike_hours',
    'COPY (SELECT "hour"::bigint FROM (SELECT "hour" FROM "features"."bike_hours") AS query) TO STDOUT (FORMAT binary)',
    'GRANT SELECT ON features.bike_hours TO ada',
  ],
  [
    'permission denied for table _staging_x',
    'COPY "features"."_staging_x" ("a") FROM STDIN (FORMAT binary)',
    'GRANT INSERT ON features._staging_x TO ada',
  ],
  [
    'permission denied for table model_alias',
    'DELETE FROM registry.model_alias WHERE name = $1',
    'GRANT SELECT, DELETE ON registry.model_alias TO ada',
  ],
  [
    'permission denied for schema training',
    'CREATE TABLE "training"."build_1" AS SELECT 1',
    'GRANT CREATE ON SCHEMA training TO ada',
  ],
  [
    'permission denied for schema registry',
    'SELECT 1 FROM registry.run',
    'GRANT USAGE ON SCHEMA registry TO ada',
  ],
  ['permission denied for database shop', 'CREATE SCHEMA registry', 'GRANT CREATE ON DATABASE shop TO ada'],
  [
    'must be owner of table prediction',
    'CREATE TABLE serving.prediction_20261124 PARTITION OF serving.prediction FOR VALUES FROM (1) TO (2)',
    'ALTER TABLE serving.prediction OWNER TO ada',
  ],
  ['permission denied to create role', 'CREATE ROLE x', undefined],
];

describe('the missing grant', () => {
  it.each(cases)('%s: %s', (message, statement, grant) => {
    expect(describeMissingGrant({ message, statement, role: 'ada' })).toBe(grant);
  });

  it('names the roles that a member could have it from', () => {
    const refusal = { message: 'permission denied for schema x', statement: '', role: 'ada' };
    const grant = describeMissingGrant({ ...refusal, groups: ['slipway_trainer', 'Data Team'] });
    expect(grant).toBe('GRANT USAGE ON SCHEMA x TO ada, or to a role it is in: slipway_trainer, "Data Team"');
  });

  it('quotes a role that needs it, and says so when the URL names nobody', () => {
    const refusal = { message: 'permission denied for schema x', statement: '' };
    expect(describeMissingGrant({ ...refusal, role: 'Ada B' })).toBe('GRANT USAGE ON SCHEMA x TO "Ada B"');
    expect(describeMissingGrant({ ...refusal, role: undefined })).toMatch(/the user of DATABASE_URL$/);
  });
});
