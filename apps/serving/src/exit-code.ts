import { SlipwayError } from '@slipway/contracts';

/** What a process that could not start ends with: 2 for its settings, as `slipway` does, 1 for anything else. */
export function exitCodeOf(error: unknown): 1 | 2 {
  if (!SlipwayError.isInstance(error)) return 1;
  return error.code === 'configuration_invalid' || error.code === 'embedded_refused' ? 2 : 1;
}
