import { requestInvalid } from './request-invalid.ts';

const mostCharacters = 128;

/**
 * The name a caller gives its request, to find it in the log again; it need not be unique.
 * @param place where it stood, for the message
 * @returns null when the caller gave none
 * @throws SlipwayError `request_invalid` for a name that cannot be logged as it is
 */
export function parseClientRequestId(id: unknown, place: string): string | null {
  if (id === undefined || id === null) return null;
  const isSound =
    typeof id === 'string' &&
    id.length > 0 &&
    id.length <= mostCharacters &&
    id.isWellFormed() &&
    !id.includes('\0');
  if (isSound) return id;
  throw requestInvalid(`${place} cannot be a request id`, {
    expected: `a text of 1 to ${mostCharacters} characters without U+0000`,
    details: { place },
  });
}
