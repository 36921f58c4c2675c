CREATE SCHEMA IF NOT EXISTS training;
--> statement-breakpoint
-- One row per stored table. The digest names the content; the recipe says how to build it again.
CREATE TABLE training.dataset (
  digest text PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
  kind text NOT NULL CHECK (kind IN ('train', 'test', 'predictions')),
  table_name text COLLATE "C" NOT NULL UNIQUE,
  row_count bigint NOT NULL,
  columns jsonb NOT NULL,
  recipe jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
--> statement-breakpoint
-- Which run of which model read or made a dataset.
CREATE TABLE training.dataset_use (
  digest text NOT NULL REFERENCES training.dataset,
  run_id text NOT NULL,
  model text NOT NULL,
  context text NOT NULL,
  used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (digest, run_id, context)
);
--> statement-breakpoint
CREATE FUNCTION training.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'SW001',
    MESSAGE = format('%I.%I is an immutable dataset: %s is refused', tg_table_schema, tg_table_name, tg_op);
END $$;
