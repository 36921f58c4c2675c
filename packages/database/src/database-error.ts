import { SlipwayError, type ErrorCode } from '@slipway/contracts';
import { describeMissingGrant } from './missing-grant.ts';

interface PostgresFailure {
  readonly code?: string;
  readonly message?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly constraint?: string;
}

const connectionCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'ECONNRESET',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EPIPE',
  'ENOENT',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
  '08003',
  '53300',
]);

/** Where a statement went, for messages. */
export interface Server {
  /** Host, port and database, or another name; never a password. */
  readonly where: string;
  /** Whose rights count: the server's word, before its first answer the user of the URL, if it names one. */
  readonly role: string | undefined;
  /** Roles that this one is a member of, once the server has said. */
  readonly groups: readonly string[];
}

/**
 * Turns an error of the driver into ours. SQLSTATE stays in `details.sqlState`. Messages of the server that may
 * quote values are not passed on for constraint violations.
 * @param statement what was refused, where it is known: a missing right is read from it
 */
export function toSlipwayError(
  error: unknown,
  { where, role, groups }: Server,
  statement = '',
): SlipwayError {
  if (SlipwayError.isInstance(error)) return error;
  const failure = error as PostgresFailure;
  const sqlState = failure.code;
  const details = { sqlState, schema: failure.schema, table: failure.table, constraint: failure.constraint };
  const text = failure.message ?? String(error);
  const make = (code: ErrorCode, what: string, next?: string, isRetryable = false): SlipwayError =>
    new SlipwayError(code, { what, received: safeText(failure), next, details, cause: error, isRetryable });
  if (isConnectionFailure(sqlState, text)) {
    return make(
      'database_unreachable',
      `The database server at ${where} cannot be reached`,
      'Check that it runs and that DATABASE_URL names it',
      true,
    );
  }
  if (sqlState === '28P01' || sqlState === '28000') {
    return make(
      'database_auth_failed',
      `The database server at ${where} refused the user or the password`,
      'Check user and password in DATABASE_URL',
    );
  }
  if (sqlState === '3D000')
    return make(
      'database_unreachable',
      `The database named in the URL does not exist at ${where}`,
      'Create it, or correct DATABASE_URL',
    );
  if (sqlState === '42501') {
    const grant = describeMissingGrant({ message: text, statement, role, groups });
    const next =
      grant === undefined ? 'Grant it, see docs/operations.md' : `${grant}; docs/operations.md has the roles`;
    return make('database_permission', 'The database user lacks a right', next);
  }
  if (sqlState === '53100')
    return make(
      'database_full',
      `The disk of the database server at ${where} is full; nothing of this statement was stored`,
      'Free some space there, then run the command again',
      true,
    );
  if (sqlState === '54000' || sqlState === '54011')
    return make(
      'database_limit',
      'A row, a key or a table is larger than Postgres can store; nothing of this statement was stored',
      'Divide the columns over several tables, or shorten the texts of keys and unique columns',
    );
  if (sqlState === 'SW001') return new SlipwayError('dataset_sealed', { what: text, details, cause: error });
  if (sqlState === 'SW002') return new SlipwayError('load_swept', { what: text, details, cause: error });
  return make('database_query_failed', 'The database refused a statement');
}

function isConnectionFailure(code: string | undefined, text: string): boolean {
  return (
    (code !== undefined && connectionCodes.has(code)) ||
    /Connection terminated|timeout expired|Query read timeout|not queryable/i.test(text)
  );
}

/** Violations quote values in their detail, not in their message; data errors (class 22) quote them in the message. */
function safeText({ code = '', message = '', constraint }: PostgresFailure): string {
  if (code.startsWith('22')) return `SQLSTATE ${code}`;
  return constraint === undefined ? message || code : `a violation of ${constraint} (${code})`;
}
