import { execFile } from 'node:child_process';
import { chown, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * How to run PostgreSQL, which refuses root: plainly, inside a user namespace in which root is an ordinary user (files
 * stay root's), or as the user `nobody` after giving it the data folder.
 */
export type Privileges =
  | { readonly kind: 'plain' }
  | { readonly kind: 'namespace' }
  | { readonly kind: 'nobody'; readonly uid: number; readonly gid: number };

const unshare = ['--user', '--map-user=1000', '--map-group=1000'];
const nobody = 65534;

/** Finds the way that works here. Probes once whether user namespaces are allowed. */
export async function findPrivileges(): Promise<Privileges> {
  if (process.getuid?.() !== 0) return { kind: 'plain' };
  const allowed = await new Promise<boolean>((resolve) => {
    execFile('unshare', [...unshare, 'true'], (error) => resolve(error === null));
  });
  return allowed ? { kind: 'namespace' } : { kind: 'nobody', uid: nobody, gid: nobody };
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly identity: { readonly uid?: number; readonly gid?: number };
}

/** A command line that runs the program with those privileges. */
export function asUnprivileged(privileges: Privileges, program: string, args: readonly string[]): Command {
  if (privileges.kind === 'namespace')
    return { program: 'unshare', args: [...unshare, program, ...args], identity: {} };
  if (privileges.kind === 'nobody')
    return { program, args, identity: { uid: privileges.uid, gid: privileges.gid } };
  return { program, args, identity: {} };
}

/** Gives a folder and all in it to the user that PostgreSQL will run as, where that is another one. */
export async function giveTo(privileges: Privileges, path: string): Promise<void> {
  if (privileges.kind !== 'nobody') return;
  await chown(path, privileges.uid, privileges.gid);
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => []);
  for (const entry of entries)
    await chown(join(entry.parentPath, entry.name), privileges.uid, privileges.gid);
}
