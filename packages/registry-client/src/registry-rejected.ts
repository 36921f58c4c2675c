import { SlipwayError } from '@slipway/contracts';

/** Why a registry refuses: `not_found` names something missing, `conflict` something that is already otherwise. */
export type RejectionReason =
  'type' | 'too_long' | 'too_many' | 'pattern' | 'conflict' | 'not_found' | 'range';

/**
 * The `registry_rejected` error, with `details.field` and `details.reason`.
 * @param facts `received` describes the value (its length, its type) and never quotes it
 */
export function registryRejected(facts: {
  readonly field: string;
  readonly reason: RejectionReason;
  readonly what: string;
  readonly expected?: string;
  readonly received?: string;
  readonly next?: string;
}): SlipwayError {
  const { field, reason, what, expected, received, next } = facts;
  return new SlipwayError('registry_rejected', {
    what,
    expected,
    received,
    next,
    details: { field, reason },
  });
}
