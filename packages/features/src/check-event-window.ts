import { nearestName, SlipwayError } from '@slipway/contracts';
import { checkWindowEnds } from './check-window-ends.ts';
import type { EventWindow } from './feature-source.ts';
import type { FeatureTable } from './feature-table.ts';

/**
 * @throws SlipwayError `schema_mismatch` for a column that is none or holds no times: every row would lie in its window;
 * `invalid_argument` for ends that are none
 */
export function checkEventWindow({ name, columns }: FeatureTable, where: EventWindow | undefined): void {
  if (where === undefined) return;
  checkWindowEnds(where);
  const type = Object.hasOwn(columns, where.column) ? columns[where.column]?.type : undefined;
  if (type === 'datetime') return;
  const times = Object.keys(columns).filter((column) => columns[column]?.type === 'datetime');
  const near = nearestName(where.column, times);
  throw new SlipwayError('schema_mismatch', {
    what: `Rows of feature table ${name} cannot be limited by "${where.column}"`,
    expected: times.length === 0 ? 'a column of type datetime, which it lacks' : times.join(', '),
    received: type === undefined ? 'no such column' : `a column of type ${type}`,
    next:
      near === undefined
        ? 'Name a column of type datetime, or load without limits'
        : `Did you mean "${near}"?`,
  });
}
