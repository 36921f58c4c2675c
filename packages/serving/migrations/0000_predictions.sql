CREATE SCHEMA IF NOT EXISTS serving;
--> statement-breakpoint
-- One row per predicted row, in a partition per day. received_at is fixed before the reply, so that a record shipped
-- twice meets its own key.
CREATE TABLE serving.prediction (
  received_at timestamptz NOT NULL,
  request_id text NOT NULL,
  row integer NOT NULL,
  model text NOT NULL,
  version text,
  run_id text NOT NULL,
  entity_key jsonb,
  event_time timestamptz,
  prediction double precision NOT NULL,
  numbers double precision[] NOT NULL,
  texts text[] NOT NULL,
  PRIMARY KEY (received_at, request_id, row)
) PARTITION BY RANGE (received_at);
--> statement-breakpoint
CREATE INDEX prediction_by_version ON serving.prediction (model, version, event_time);
--> statement-breakpoint
-- Observed targets, append-only: a correction is a later row.
CREATE TABLE serving.label (
  model text NOT NULL,
  entity_key jsonb NOT NULL,
  event_time timestamptz NOT NULL,
  observed_at timestamptz NOT NULL,
  label double precision NOT NULL,
  PRIMARY KEY (model, event_time, entity_key, observed_at)
);
