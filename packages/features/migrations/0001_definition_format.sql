-- A definition is read by other processes weeks later: it says in which format it is.
UPDATE features._feature_table SET definition = '{"formatVersion": 1}'::jsonb || definition;
