CREATE SCHEMA IF NOT EXISTS monitoring;
--> statement-breakpoint
-- The latest verdict of each window, for dashboards. Monitoring a window again replaces its row.
CREATE TABLE monitoring.window_result (
  model text NOT NULL,
  version text NOT NULL,
  window_start timestamptz NOT NULL,
  row_count bigint NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('ok', 'drift', 'insufficient')),
  psi double precision,
  p_value double precision,
  live_rmse double precision,
  monitored_at timestamptz NOT NULL,
  PRIMARY KEY (model, version, window_start)
);
