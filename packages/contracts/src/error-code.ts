/**
 * Every code a Slipway package throws, with what it means in one sentence.
 * Codes are stable: programs may match on them. The apps map each code to an exit code or HTTP status.
 */
export const errorCodes = {
  // usage and configuration
  invalid_argument: 'A function was called with a value outside its documented range.',
  usage: 'The command line was not understood.',
  configuration_invalid: 'A configuration has an unknown key, a wrong type or a value out of range.',
  configuration_not_found: 'No configuration with that name or at that path.',
  model_unknown: 'No model configuration with that name.',
  feature_table_unknown: 'No feature table with that name.',
  not_deployable: 'The configuration lacks something a deployment needs, such as a gate threshold.',
  embedded_refused: 'The embedded database or registry was asked for where it must not be used.',
  // data contract
  file_not_found: 'A file that was named does not exist.',
  file_unreadable: 'A file exists and cannot be read or parsed.',
  file_unwritable: 'A file or folder cannot be written.',
  data_rejected: 'A batch violates the constraints of its feature table and was refused whole.',
  schema_mismatch: 'Columns or types differ from what was declared.',
  schema_change_breaking: 'A feature table definition changed in a way that stored rows do not allow.',
  load_unknown: 'A feature table was asked for as known at a load that it never had.',
  load_swept: 'A feature table was asked for as known at a load whose rows were swept.',
  data_stale: 'The newest rows are older than the declared freshness limit.',
  dataset_empty: 'A training or test set would have no rows.',
  dataset_not_found: 'No dataset with that digest or table name.',
  dataset_damaged: 'A stored table no longer has the digest it was registered with.',
  dataset_unrepeatable: 'A swept dataset cannot be built again to the same content.',
  dataset_sealed: 'An immutable table was about to be changed.',
  dataset_overlap: 'Training and test set share row keys.',
  key_duplicate: 'Two rows have the same row key.',
  value_unsupported:
    'A value cannot be stored without loss: NaN, infinity, an unsafe integer, no time of the calendar, NUL or a lone surrogate.',
  // models and evaluation
  parameter_invalid: 'A parameter of a model family or preprocessing step is unknown or out of range.',
  fit_failed: 'A model could not be fitted to the data given.',
  artifact_invalid: 'A model artifact is damaged, incomplete or tampered with.',
  format_unsupported: 'Something stored has a format version this program does not know.',
  sample_invalid: 'A sample is empty, of unequal length or not finite.',
  aborted: 'Work was cancelled by its caller.',
  // registry
  registry_unavailable: 'The registry cannot be reached or does not answer in time.',
  registry_auth_failed: 'The registry refused the user, the password or the token.',
  registry_rejected: 'The registry refused a request.',
  run_not_found: 'No run with that id.',
  model_version_not_found: 'No model version with that number or alias.',
  alias_conflict: 'An alias was moved by somebody else at the same time.',
  rollback_impossible: 'No earlier version has served that could be returned to.',
  // database
  database_unreachable: 'The database server cannot be reached.',
  database_auth_failed: 'The database server refused the user or the password.',
  database_too_old: 'The database server is older than the oldest supported version.',
  database_encoding: 'The database does not store UTF-8.',
  database_permission: 'The database user lacks a right.',
  database_schema_newer: 'The database was migrated by a newer version of this program.',
  database_migration_edited: 'A migration was edited after it had run.',
  database_limit: 'A row, a key or a table is larger than Postgres can store.',
  database_full: 'The disk of the database server is full.',
  database_query_failed: 'The database refused a statement.',
  nested_connection: 'A second connection was asked for inside a transaction.',
  embedded_unsupported: 'The embedded database cannot run on this platform or under this user.',
  embedded_damaged: 'The folder of the embedded database is damaged.',
  embedded_version: 'The folder of the embedded database was written by another major version.',
  embedded_start_failed: 'The embedded database did not start.',
  lease_held: 'Somebody else holds the lease.',
  lease_lost: 'The lease expired or was taken while work went on.',
  // serving
  request_invalid: 'A prediction request is malformed or does not fit the signature.',
  model_not_ready: 'No model is loaded yet.',
  overloaded: 'The server is at its limit of concurrent work.',
  port_taken: 'The port is already in use.',
  unexpected: 'Something happened that the program did not foresee.',
} as const;

export type ErrorCode = keyof typeof errorCodes;
