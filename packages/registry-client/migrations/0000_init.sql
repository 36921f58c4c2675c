CREATE SCHEMA IF NOT EXISTS registry;
--> statement-breakpoint
CREATE TABLE registry.experiment (
  experiment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  creation_time bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE registry.run (
  run_id text PRIMARY KEY,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  experiment_id bigint NOT NULL REFERENCES registry.experiment,
  run_name text NOT NULL,
  status text NOT NULL CHECK (status IN ('RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED')),
  start_time bigint NOT NULL,
  end_time bigint,
  params jsonb NOT NULL DEFAULT '{}',
  tags jsonb NOT NULL DEFAULT '{}'
);
--> statement-breakpoint
CREATE INDEX run_newest ON registry.run (experiment_id, start_time DESC, sequence DESC);
--> statement-breakpoint
CREATE INDEX run_tags ON registry.run USING gin (tags jsonb_path_ops);
--> statement-breakpoint
CREATE TABLE registry.run_metric (
  run_id text NOT NULL REFERENCES registry.run,
  key text NOT NULL,
  step bigint NOT NULL,
  time_ms bigint NOT NULL,
  value double precision NOT NULL,
  PRIMARY KEY (run_id, key, step, time_ms, value)
);
--> statement-breakpoint
CREATE TABLE registry.dataset (
  dataset_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  experiment_id bigint NOT NULL REFERENCES registry.experiment,
  name text NOT NULL,
  digest text NOT NULL,
  source text NOT NULL,
  source_type text NOT NULL,
  schema text,
  profile text,
  UNIQUE (experiment_id, name, digest)
);
--> statement-breakpoint
CREATE TABLE registry.run_input (
  run_id text NOT NULL REFERENCES registry.run,
  dataset_id bigint NOT NULL REFERENCES registry.dataset,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  tags jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (run_id, dataset_id)
);
--> statement-breakpoint
CREATE TABLE registry.logged_model (
  model_id text PRIMARY KEY,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  experiment_id bigint NOT NULL REFERENCES registry.experiment,
  run_id text NOT NULL REFERENCES registry.run,
  name text NOT NULL,
  model_type text,
  status text NOT NULL CHECK (status IN ('PENDING', 'READY', 'FAILED')),
  creation_time bigint NOT NULL,
  params jsonb NOT NULL DEFAULT '{}',
  tags jsonb NOT NULL DEFAULT '{}'
);
--> statement-breakpoint
CREATE INDEX logged_model_run ON registry.logged_model (run_id);
--> statement-breakpoint
-- The key is MLflow's: the dataset is no part of it.
CREATE TABLE registry.logged_model_metric (
  model_id text NOT NULL REFERENCES registry.logged_model,
  key text NOT NULL,
  time_ms bigint NOT NULL,
  step bigint NOT NULL,
  run_id text NOT NULL REFERENCES registry.run,
  value double precision NOT NULL,
  dataset_name text,
  dataset_digest text,
  PRIMARY KEY (model_id, key, time_ms, step, run_id)
);
--> statement-breakpoint
CREATE TABLE registry.content (
  sha256 text PRIMARY KEY,
  size bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE registry.content_chunk (
  sha256 text NOT NULL REFERENCES registry.content ON DELETE CASCADE,
  position integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (sha256, position)
);
--> statement-breakpoint
-- Model files hardly compress further; without compression a chunk is read in one piece.
ALTER TABLE registry.content_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;
--> statement-breakpoint
CREATE TABLE registry.run_artifact (
  owner_id text NOT NULL REFERENCES registry.run,
  path text COLLATE "C" NOT NULL,
  sha256 text NOT NULL REFERENCES registry.content,
  PRIMARY KEY (owner_id, path)
);
--> statement-breakpoint
CREATE TABLE registry.logged_model_artifact (
  owner_id text NOT NULL REFERENCES registry.logged_model,
  path text COLLATE "C" NOT NULL,
  sha256 text NOT NULL REFERENCES registry.content,
  PRIMARY KEY (owner_id, path)
);
--> statement-breakpoint
CREATE INDEX run_artifact_content ON registry.run_artifact (sha256);
--> statement-breakpoint
CREATE INDEX logged_model_artifact_content ON registry.logged_model_artifact (sha256);
--> statement-breakpoint
CREATE TABLE registry.registered_model (
  name text PRIMARY KEY,
  description text NOT NULL DEFAULT '',
  tags jsonb NOT NULL DEFAULT '{}',
  creation_time bigint NOT NULL,
  last_version integer NOT NULL DEFAULT 0
);
--> statement-breakpoint
CREATE TABLE registry.model_version (
  name text NOT NULL REFERENCES registry.registered_model,
  version integer NOT NULL CHECK (version > 0),
  run_id text NOT NULL REFERENCES registry.run,
  model_id text REFERENCES registry.logged_model,
  source text NOT NULL,
  description text NOT NULL DEFAULT '',
  tags jsonb NOT NULL DEFAULT '{}',
  creation_time bigint NOT NULL,
  PRIMARY KEY (name, version)
);
--> statement-breakpoint
CREATE TABLE registry.model_alias (
  name text NOT NULL,
  alias text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (name, alias),
  FOREIGN KEY (name, version) REFERENCES registry.model_version
);
--> statement-breakpoint
CREATE INDEX model_alias_version ON registry.model_alias (name, version);
