-- Every source that gave this content: the recipe is one of them, and an erasure from the others has to find the table too.
-- What was entered before this migration knows the source of its recipe alone.
ALTER TABLE training.dataset ADD COLUMN origins jsonb NOT NULL DEFAULT '[]';
--> statement-breakpoint
UPDATE training.dataset SET origins = jsonb_build_array(CASE
  WHEN recipe ? 'relation' THEN jsonb_build_object('formatVersion', 1, 'source', recipe -> 'relation' -> 'source',
    'tables', (SELECT coalesce(jsonb_agg(name), '[]') FROM jsonb_object_keys(recipe -> 'relation' -> 'watermark') AS name))
  ELSE jsonb_build_object('formatVersion', 1, 'testDigest', recipe -> 'testDigest') END);
