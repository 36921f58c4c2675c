CREATE SCHEMA IF NOT EXISTS serving;
--> statement-breakpoint
-- One row per predicted row, in a partition per day. The server makes request_id and fixes received_at before the reply,
-- so that a record shipped twice meets its own key and no two answered rows share one.
CREATE TABLE serving.prediction (
  received_at timestamptz NOT NULL,
  request_id text NOT NULL,
  row integer NOT NULL,
  client_request_id text,
  model text NOT NULL,
  role text NOT NULL CHECK (role IN ('production', 'challenger', 'shadow', 'candidate')),
  version text,
  run_id text,
  entity_key jsonb,
  event_time timestamptz,
  prediction double precision NOT NULL,
  numbers double precision[] NOT NULL,
  texts text[] NOT NULL,
  PRIMARY KEY (received_at, request_id, row),
  CHECK (version IS NOT NULL OR run_id IS NOT NULL)
) PARTITION BY RANGE (received_at);
--> statement-breakpoint
CREATE INDEX prediction_by_version ON serving.prediction (model, version, event_time);
--> statement-breakpoint
-- Candidates that were served by run id.
CREATE INDEX prediction_by_run ON serving.prediction (model, run_id, event_time) WHERE version IS NULL;
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
