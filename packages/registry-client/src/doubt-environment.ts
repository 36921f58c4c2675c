/** What people call production who do not know that the name counts. */
const nearNames = new Set(['prod', 'prd', 'live']);

/**
 * A doubt to show before anything is done: a name that reads like production and is not.
 * @param environment as for {@link registeredName}
 * @returns undefined for every other name
 */
export function doubtEnvironment(environment: string): string | undefined {
  if (!nearNames.has(environment)) return undefined;
  return (
    `SLIPWAY_ENV=${environment} is an environment like any other: its models end in "-${environment}", and embedded servers ` +
    'are allowed. Production is SLIPWAY_ENV=production.'
  );
}
