ALTER TABLE registry.experiment ADD COLUMN tags jsonb NOT NULL DEFAULT '{}';
