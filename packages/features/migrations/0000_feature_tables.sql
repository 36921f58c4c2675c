-- Feature tables lie in this schema under their own names, which begin with a letter; the catalogue begins with "_".
CREATE SCHEMA IF NOT EXISTS features;
--> statement-breakpoint
CREATE TABLE features._feature_table (
  name text PRIMARY KEY,
  definition jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
--> statement-breakpoint
CREATE TABLE features._load (
  feature_table text NOT NULL REFERENCES features._feature_table (name),
  number bigint NOT NULL,
  source text NOT NULL,
  holder text NOT NULL,
  inserted bigint NOT NULL,
  updated bigint NOT NULL,
  unchanged bigint NOT NULL,
  window_from timestamptz,
  window_to timestamptz,
  loaded_at timestamptz NOT NULL,
  PRIMARY KEY (feature_table, number)
);
--> statement-breakpoint
CREATE TABLE features._reject (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feature_table text NOT NULL REFERENCES features._feature_table (name),
  source text NOT NULL,
  violations jsonb NOT NULL,
  row_count bigint NOT NULL,
  rejected_at timestamptz NOT NULL,
  keep_until timestamptz NOT NULL
);
