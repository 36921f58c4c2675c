import { nearestName, SlipwayError, type CellValue } from '@slipway/contracts';
import type { FeatureRow } from './feature-source.ts';
import type { FeatureTable } from './feature-table.ts';
import { readValue } from './read-value.ts';
import type { SourceRow } from './source-row.ts';

/**
 * Rows that a program hands over, one at a time.
 * @throws SlipwayError `schema_mismatch` for a key that no column has: as a typing error it would be a column of NULLs
 */
export async function* givenRows(
  table: FeatureTable,
  rows: Iterable<FeatureRow> | AsyncIterable<FeatureRow>,
): AsyncGenerator<SourceRow> {
  const columns = Object.entries(table.columns);
  let place = 0;
  for await (const row of rows) {
    place += 1;
    checkKeys(table, row, place);
    const cells: Record<string, CellValue> = {};
    const unread: string[] = [];
    for (const [name, { type }] of columns) {
      const value = readValue(row[name], type);
      if (value === undefined) unread.push(name);
      cells[name] = value ?? null;
    }
    yield { place, cells, unread };
  }
}

function checkKeys({ name, columns }: FeatureTable, row: FeatureRow, place: number): void {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw new SlipwayError('schema_mismatch', {
      what: `Row ${place} for feature table ${name} is no row`,
      expected: 'an object with a value by column name',
    });
  }
  for (const key of Object.keys(row)) {
    if (Object.hasOwn(columns, key)) continue;
    const near = nearestName(key, Object.keys(columns));
    throw new SlipwayError('schema_mismatch', {
      what: `Row ${place} has a key that is no column of feature table ${name}`,
      expected: Object.keys(columns).join(', '),
      received: `"${key}"`,
      next: near === undefined ? 'Leave it out' : `Did you mean "${near}"?`,
    });
  }
}
