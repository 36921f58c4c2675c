-- A swept dataset keeps its entry and its recipe; only the table is gone.
ALTER TABLE training.dataset
  -- The last build that asked for this content: a sweep leaves young ones alone.
  ADD COLUMN asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ADD COLUMN swept_at timestamptz,
  ADD COLUMN swept_by text,
  ADD COLUMN swept_why text,
  -- Why the recipe would no longer give these rows, as after an erasure.
  ADD COLUMN unrepeatable text;
--> statement-breakpoint
-- Who was erased from datasets, without naming them: sha256 over table, columns and values of the key.
CREATE TABLE training.erasure (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key_digest text NOT NULL,
  digests text[] NOT NULL,
  erased_by text NOT NULL,
  reason text NOT NULL,
  erased_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
