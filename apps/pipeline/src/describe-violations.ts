import type { Violation } from '@slipway/features';
import { formatTable } from './table.ts';

/** What a batch is refused for, a line for each constraint under a head; none for a clean one. */
export function describeViolations(violations: readonly Violation[]): string[] {
  const rows = violations.map(({ constraint, count, share, sampleKeys }) => [
    constraint,
    String(count),
    `${(share * 100).toPrecision(3)} %`,
    sampleKeys.join(' '),
  ]);
  return rows.length === 0 ? [] : formatTable([['violated', 'rows', 'share', 'for example'], ...rows]);
}
