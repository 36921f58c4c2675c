-- Asked by each query of a state, in its own snapshot: a sweep may come between the choice of a load and its reading.
CREATE FUNCTION features.is_readable_at(feature_table text, load bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  IF load < (SELECT oldest_load FROM features._feature_table WHERE name = feature_table) THEN
    RAISE EXCEPTION USING ERRCODE = 'SW002',
      MESSAGE = format('Feature table %s can no longer be read as known at load %s: its rows of then were swept', feature_table, load);
  END IF;
  RETURN true;
END $$;
