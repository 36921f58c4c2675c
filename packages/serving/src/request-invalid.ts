import { SlipwayError } from '@slipway/contracts';

/** A refusal that names what is wrong, by column and row where there is one; never the value. */
export function requestInvalid(
  what: string,
  facts: { expected?: string; details?: Record<string, unknown> } = {},
): SlipwayError {
  return new SlipwayError('request_invalid', { what, ...facts });
}
