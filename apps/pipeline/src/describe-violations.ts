import type { Violation } from '@slipway/features';
import { formatTable } from './table.ts';

/** What a batch is refused for, a line for each constraint under a head; none for a clean one. */
export function describeViolations(violations: readonly Violation[]): string[] {
  const rows = violations.map(({ constraint, count, share, sampleKeys }) => [
    constraint,
    String(count),
    `${(share * 100).toPrecision(3)} %`,
    firstOf(sampleKeys),
  ]);
  return rows.length === 0 ? [] : formatTable([['violated', 'rows', 'share', 'for example'], ...rows]);
}

/** Characters of samples in a line; `--json` has all of them. */
const sampleWidth = 100;

/** The first key, and those after it as long as they fit. */
function firstOf(keys: readonly string[]): string {
  const [first = '', ...others] = keys;
  return others.reduce((text, key) => {
    const longer = `${text}, ${key}`;
    return longer.length <= sampleWidth ? longer : text;
  }, first);
}
