import { SlipwayError } from '@slipway/contracts';
import type { CommandLine } from './command-line.ts';

/** The reason of a verb that leaves an audit entry. @throws SlipwayError `usage` */
export function requireReason(line: CommandLine): string {
  const reason = line.option('reason')?.trim();
  if (reason !== undefined && reason !== '') return reason;
  throw new SlipwayError('usage', {
    what: `"slipway ${line.verb}" needs a reason for the audit`,
    next: `Add --reason "why"`,
  });
}
