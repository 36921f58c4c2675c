import {
  createColumnBatch,
  getColumn,
  SlipwayError,
  type Column,
  type ColumnBatch,
  type NumericColumn,
  type StringColumn,
} from '@slipway/contracts';
import type { ApplyStep } from './step-kind.ts';

/**
 * A step that replaces some columns of a batch where they stand, by as many as `replace` gives.
 * @throws SlipwayError (the step) `schema_mismatch` for a column that is not there, or a name that is there already
 */
export function replaceColumns(
  names: Iterable<string>,
  replace: (column: Column) => readonly Column[],
): ApplyStep {
  const replaced = new Set(names);
  return (batch) => {
    let found = 0;
    const columns = batch.columns.flatMap((column) => {
      if (!replaced.has(column.name)) return [column];
      found += 1;
      return replace(column);
    });
    if (found < replaced.size) for (const name of replaced) getColumn(batch, name);
    return withColumns(batch, columns);
  };
}

/** The batch with a column more, the last. @throws SlipwayError `schema_mismatch` when there is one of that name */
export function addColumn(batch: ColumnBatch, column: Column): ColumnBatch {
  return withColumns(batch, [...batch.columns, column]);
}

/** @throws SlipwayError `schema_mismatch` */
export function numericColumn(column: Column): NumericColumn {
  if (column.type !== 'string') return column;
  throw wrongType(column.name, 'numbers', 'string');
}

/** @throws SlipwayError `schema_mismatch` */
export function textColumn(column: Column): StringColumn {
  if (column.type === 'string') return column;
  throw wrongType(column.name, 'string', column.type);
}

/** Where no column is left, the rows still are. Only other names can clash: a row to predict does not pay for the check. */
function withColumns({ rowCount, columns: before }: ColumnBatch, columns: readonly Column[]): ColumnBatch {
  const isRenamed = columns.some(({ name }, place) => name !== before[place]?.name);
  return isRenamed ? { ...createColumnBatch(columns), rowCount } : { rowCount, columns };
}

function wrongType(name: string, expected: string, received: string): SlipwayError {
  return new SlipwayError('schema_mismatch', {
    what: `Column "${name}" has the wrong type for a preprocessing step`,
    expected: `a column of ${expected === 'string' ? 'type string' : expected}`,
    received,
  });
}
