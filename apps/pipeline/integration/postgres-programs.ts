import { existsSync } from 'node:fs';

/** PATH for documented commands, where the server's own `pg_dump` is preferred. */
export function withPostgresPrograms(major: number): string {
  const programs = `/usr/lib/postgresql/${major}/bin`;
  return existsSync(programs) ? `${programs}:/usr/bin:/bin` : '/usr/local/bin:/usr/bin:/bin';
}
