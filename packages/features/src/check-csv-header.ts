import { nearestName, SlipwayError } from '@slipway/contracts';
import type { FeatureTable } from './feature-table.ts';
import { findDoubled } from './find-doubled.ts';

/** How many unknown names a message shows, and how much of each. */
const shownNames = 5;
const shownCharacters = 63;

export interface CsvHeader {
  readonly names: string[];
  readonly line: number;
  readonly file: string;
}

/** @throws SlipwayError `schema_mismatch` naming the columns that are missing, unknown or there twice */
export function checkCsvHeader(table: FeatureTable, { names, line, file }: CsvHeader): string[] {
  const known = Object.keys(table.columns);
  const given = new Set(names);
  const missing = known.filter((name) => !given.has(name));
  const unknown = names.filter((name) => !Object.hasOwn(table.columns, name));
  const twice = findDoubled(names).filter((name) => Object.hasOwn(table.columns, name));
  if (missing.length + unknown.length + twice.length === 0) return names;
  const isHeader = missing.length < known.length;
  const received = isHeader
    ? [
        missing.length > 0 ? `no ${missing.join(', ')}` : '',
        unknown.length > 0 ? `unknown columns ${listUnknown(unknown, missing)}` : '',
        twice.length > 0 ? `${twice.join(', ')} more than once` : '',
      ]
    : // Without a header this is data, which no message shows.
      ['none of these names'];
  throw new SlipwayError('schema_mismatch', {
    what: `Line ${line} of ${file} is no header of feature table ${table.name}`,
    expected: `the names ${known.join(', ')}, in any order, between commas`,
    received: received.filter(Boolean).join('; '),
    next: isHeader ? 'Correct the header' : 'Write the names in the first line, and commas between cells',
    details: { line, missing },
  });
}

function listUnknown(unknown: readonly string[], missing: readonly string[]): string {
  const shown = unknown.slice(0, shownNames).map((name) => {
    const near = nearestName(name, [...missing]);
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    return `${JSON.stringify(name.slice(0, shownCharacters))}${hint}`;
  });
  const others = unknown.length - shown.length;
  return `${shown.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}
