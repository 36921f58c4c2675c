-- Tells this database from others that deploy into the same registry. A restored copy keeps it.
CREATE TABLE training.database_id (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  is_only boolean NOT NULL UNIQUE DEFAULT true CHECK (is_only)
);
--> statement-breakpoint
INSERT INTO training.database_id DEFAULT VALUES;
