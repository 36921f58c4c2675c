import { checkText } from './check-text.ts';
import { registryLimits } from './registry-limits.ts';
import { registryRejected } from './registry-rejected.ts';

/** Checks the name of a registered model: no `/` and no `:`, not `.` or `..`, at most 256. @throws SlipwayError `registry_rejected` */
export function checkRegisteredModelName(name: unknown): asserts name is string {
  checkText(name, { field: 'name', minimum: 1, maximum: registryLimits.registeredModelNameLength });
  if (/[/:]/.test(name) || name === '.' || name === '..')
    throw notAllowed('A registered model name', '/ and :');
}

/** Checks the name of a logged model: none of `/ : . % " '`, at most 250. @throws SlipwayError `registry_rejected` */
export function checkLoggedModelName(name: unknown): asserts name is string {
  checkText(name, { field: 'name', minimum: 1, maximum: registryLimits.loggedModelNameLength });
  if (/[/:.%"']/.test(name)) throw notAllowed('A logged model name', '/ : . % and quotes');
}

function notAllowed(what: string, characters: string): Error {
  const expected = `a text without ${characters}`;
  return registryRejected({ field: 'name', reason: 'pattern', what: `${what} is not allowed`, expected });
}
