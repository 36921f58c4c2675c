-- States before this load can no longer be read: rows superseded at or before it were swept.
ALTER TABLE features._feature_table ADD COLUMN oldest_load bigint NOT NULL DEFAULT 0;
--> statement-breakpoint
-- Who was erased, without naming them: sha256 over table and key.
CREATE TABLE features._erasure (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feature_table text NOT NULL REFERENCES features._feature_table (name),
  key_digest text NOT NULL,
  row_count bigint NOT NULL,
  erased_by text NOT NULL,
  reason text NOT NULL,
  erased_at timestamptz NOT NULL
);
