/** Whether the table of an entry is there: a sweep, or somebody's hand, may have dropped it. */
export const tableIsThere = "to_regclass(format('training.%I', dataset.table_name)) IS NOT NULL";
