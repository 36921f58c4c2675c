import { SlipwayError } from './slipway-error.ts';

const pattern = /^[a-z][a-z0-9_]{0,62}$/;
const modelPattern = /^[a-z][a-z0-9-]{0,47}$/;

/**
 * Checks a name that becomes a Postgres identifier: a lower-case letter, then letters, digits, underscores; at most 63.
 * @throws SlipwayError `configuration_invalid`
 */
export function checkIdentifier(name: string, what: string): string {
  if (pattern.test(name)) return name;
  throw new SlipwayError('configuration_invalid', {
    what: `${what} is not a valid name`,
    expected: 'a lower-case letter, then lower-case letters, digits or underscores, at most 63 characters',
    received: JSON.stringify(name),
  });
}

/** Checks a model name: a lower-case letter, then letters, digits, hyphens; at most 48. @throws SlipwayError `configuration_invalid` */
export function checkModelName(name: string): string {
  if (modelPattern.test(name)) return name;
  throw new SlipwayError('configuration_invalid', {
    what: 'A model name is not valid',
    expected: 'a lower-case letter, then lower-case letters, digits or hyphens, at most 48 characters',
    received: JSON.stringify(name),
  });
}
