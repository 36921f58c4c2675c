import { quoteIdentifier } from './identifiers.ts';

/** A refusal for lack of a right, as PostgreSQL words it, and the statement it refused. */
export interface Refusal {
  readonly message: string;
  readonly statement: string;
  /** Who asked; undefined when nobody is known. */
  readonly role: string | undefined;
  /** Roles that this one is a member of: a right that they have, it has too. @default none */
  readonly groups?: readonly string[];
}

/**
 * The grant that a refused statement lacks, as SQL. PostgreSQL says which object, not which privilege and not which
 * schema: both are read from the statement.
 * @returns undefined when the message is not understood, for example in another language than English
 */
export function describeMissingGrant({ message, statement, role, groups = [] }: Refusal): string | undefined {
  const orTo = groups.length === 0 ? '' : `, or to a role it is in: ${groups.map(readable).join(', ')}`;
  const to = `TO ${role === undefined ? 'the user of DATABASE_URL' : readable(role)}${orTo}`;
  const denied = /permission denied for (\w+) (.+)$/.exec(message);
  if (denied !== null) {
    const [, kind, name] = denied as unknown as [string, string, string];
    const grant = grantOn(kind, name, statement);
    return grant === undefined ? undefined : `GRANT ${grant} ${to}`;
  }
  const owned = /must be owner of (table|relation|schema|view|sequence) (.+)$/.exec(message);
  if (owned === null) return undefined;
  const [, kind, name] = owned as unknown as [string, string, string];
  const object = kind === 'schema' ? `SCHEMA ${readable(name)}` : `TABLE ${qualified(name, statement)}`;
  return `ALTER ${object} OWNER ${to}`;
}

function grantOn(kind: string, name: string, statement: string): string | undefined {
  if (kind === 'schema') {
    const creates = new RegExp(`\\bCREATE\\b[^;(]*?${pattern(name)}\\s*\\.`, 'i').test(statement);
    return `${creates ? 'CREATE' : 'USAGE'} ON SCHEMA ${readable(name)}`;
  }
  if (kind === 'database') return `CREATE ON DATABASE ${readable(name)}`;
  if (kind === 'function') return `EXECUTE ON FUNCTION ${qualified(name, statement)}`;
  if (kind === 'sequence') return `USAGE ON SEQUENCE ${qualified(name, statement)}`;
  if (kind === 'table' || kind === 'view' || kind === 'relation')
    return `${privileges(name, statement).join(', ')} ON ${qualified(name, statement)}`;
  return undefined;
}

/** Everything the statement does to the table: the server names the table alone. */
function privileges(name: string, statement: string): string[] {
  const table = `(?:${identifier}\\s*\\.\\s*)?${pattern(name)}(?![\\w"])`;
  const says = (words: string): boolean => new RegExp(`\\b${words}\\s+${table}`, 'i').test(statement);
  const inserts =
    says('INSERT\\s+INTO') || new RegExp(`\\bCOPY\\s+${table}[^;]*\\bFROM\\s+STDIN`, 'i').test(statement);
  const merges = inserts && /\bON CONFLICT\b/i.test(statement);
  const updates = says('UPDATE') || (merges && /\bDO UPDATE\b/i.test(statement));
  const locks = says('(?:FROM|JOIN)') && /\bFOR (?:NO KEY )?UPDATE\b/i.test(statement);
  const deletes = says('DELETE\\s+FROM');
  const reads = says('(?:FROM|JOIN)') && !new RegExp(`\\bDELETE\\s+FROM\\s+${table}`, 'i').test(statement);
  const found = [
    // A condition on the old row reads it.
    ...(reads || updates || deletes || merges || locks ? ['SELECT'] : []),
    ...(inserts ? ['INSERT'] : []),
    ...(updates || locks || says('LOCK\\s+TABLE') ? ['UPDATE'] : []),
    ...(deletes ? ['DELETE'] : []),
    ...(says('TRUNCATE') ? ['TRUNCATE'] : []),
    ...(says('REFERENCES') ? ['REFERENCES'] : []),
  ];
  return found.length > 0 ? found : ['SELECT'];
}

const identifier = '(?:"(?:[^"]|"")+"|\\w+)';

/** The name as it may stand in a statement, quoted or not. */
function pattern(name: string): string {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return `(?:"${escaped}"|(?<![\\w"])${escaped})`;
}

/** The name with the schema that it stands under in the statement. */
function qualified(name: string, statement: string): string {
  const found = new RegExp(`(${identifier})\\s*\\.\\s*${pattern(name)}(?![\\w"])`, 'i').exec(statement);
  const schema = found?.[1]?.replaceAll('"', '');
  return schema === undefined ? readable(name) : `${readable(schema)}.${readable(name)}`;
}

function readable(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteIdentifier(name);
}
