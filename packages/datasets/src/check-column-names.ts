import { SlipwayError } from '@slipway/contracts';

/** What Postgres keeps of a name, in bytes of UTF-8; the rest it cuts off without a word. */
const mostBytes = 63;

/**
 * Refuses names that no table could have as they are: the catalogue would know the column by another name than the table.
 * @throws SlipwayError `configuration_invalid`
 */
export function checkColumnNames(source: string, columns: readonly { readonly name: string }[]): void {
  const names = columns.map(({ name }) => name);
  const unfit = names.filter((name, index) => !isStorable(name) || names.indexOf(name) !== index);
  if (unfit.length === 0) return;
  throw new SlipwayError('configuration_invalid', {
    what: `Columns of ${source} have names that a table cannot have`,
    expected: `different names of 1 to ${mostBytes} bytes, without NUL`,
    received: unfit.map((name) => JSON.stringify(name)).join(', '),
    next: 'Rename them in the SQL of the relation, or take a shorter prefix for a joined table',
  });
}

function isStorable(name: string): boolean {
  return name !== '' && name.isWellFormed() && !name.includes('\0') && Buffer.byteLength(name) <= mostBytes;
}
