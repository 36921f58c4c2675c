CREATE SCHEMA IF NOT EXISTS slipway_leases;
--> statement-breakpoint
CREATE TABLE slipway_leases.lease (
  name text PRIMARY KEY,
  holder text,
  token bigint NOT NULL,
  expires_at timestamptz NOT NULL
);
