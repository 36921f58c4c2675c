import { SlipwayError } from '@slipway/contracts';
import { isStorableText, longestNameBytes, systemColumns } from '@slipway/database';

/**
 * Refuses names that no table could have as they are: the catalogue would know the column by another name than the table.
 * @param next what to do about them
 * @throws SlipwayError `configuration_invalid`
 */
export function checkColumnNames(
  source: string,
  columns: readonly { readonly name: string }[],
  next: string,
): void {
  const names = columns.map(({ name }) => name);
  const unfit = names.filter((name, index) => !isColumnName(name) || names.indexOf(name) !== index);
  if (unfit.length === 0) return;
  throw new SlipwayError('configuration_invalid', {
    what: `Columns of ${source} have names that a table cannot have`,
    expected: `different names of 1 to ${longestNameBytes} bytes, without NUL, other than ${systemColumns.join(', ')}`,
    received: unfit.map((name) => JSON.stringify(name)).join(', '),
    next,
  });
}

function isColumnName(name: string): boolean {
  if (name === '' || Buffer.byteLength(name) > longestNameBytes) return false;
  return isStorableText(name) && !systemColumns.includes(name);
}
