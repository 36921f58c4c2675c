-- What each load brought, by column.
ALTER TABLE features._load ADD COLUMN profile jsonb;
--> statement-breakpoint
-- Texts seen so far in columns that hold few different ones, and the load that brought each first.
CREATE TABLE features._category (
  feature_table text NOT NULL REFERENCES features._feature_table (name),
  column_name text NOT NULL,
  value text COLLATE "C" NOT NULL,
  first_load bigint NOT NULL,
  PRIMARY KEY (feature_table, column_name, value)
);
