CREATE SCHEMA IF NOT EXISTS monitoring;
--> statement-breakpoint
-- One row per window of a version's live predictions: what was counted, what was decided, what the alert knew afterwards.
-- A closed window keeps its boundaries for ever; a late row changes its counts, never another window. Windows of one
-- version and run follow each other without gap or overlap.
CREATE TABLE monitoring.window_result (
  registered_name text NOT NULL,
  version text NOT NULL,
  run_id text NOT NULL,
  window_start timestamptz NOT NULL,
  -- Exclusive; NULL where no later row has come yet.
  window_end timestamptz CHECK (window_end > window_start),
  is_closed boolean NOT NULL CHECK (window_end IS NOT NULL OR NOT is_closed),
  baseline_digest text NOT NULL,
  -- DriftState of @slipway/contracts: adds up over windows of the same baseline.
  state jsonb NOT NULL,
  row_count bigint NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('ok', 'drift', 'insufficient')),
  psi double precision,
  p_value double precision,
  labelled_count bigint NOT NULL,
  live_rmse double precision,
  -- AlertState of @slipway/contracts after this window.
  alert jsonb NOT NULL,
  alert_firing boolean NOT NULL,
  computed_at timestamptz NOT NULL,
  PRIMARY KEY (registered_name, version, run_id, window_start)
);
