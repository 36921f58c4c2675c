import { SlipwayError, tellColumns } from '@slipway/contracts';
import type { GraphColumn, GraphState, NumberColumn, TextColumn } from './graph-column.ts';
import type { TensorName } from './onnx-graph.ts';

interface Replacement {
  readonly columns: readonly GraphColumn[];
  readonly refused?: readonly TensorName[];
}

/**
 * The state with some columns replaced where they stand; `replace` tells also which rows it refuses.
 * @throws SlipwayError `schema_mismatch` for a column that is not there
 */
export function replaceGraphColumns(
  state: GraphState,
  names: readonly string[],
  replace: (column: GraphColumn) => Replacement,
): GraphState {
  for (const name of names) checkPresent(state, name);
  const refused = [...state.refused];
  const columns = state.columns.flatMap((column) => {
    if (!names.includes(column.name)) return [column];
    const replacement = replace(column);
    refused.push(...(replacement.refused ?? []));
    return replacement.columns;
  });
  return { ...state, columns, refused };
}

/** The column of that name. @throws SlipwayError `schema_mismatch` when there is none, or when it is text */
export function numberColumnOf(state: GraphState, name: string): NumberColumn {
  checkPresent(state, name);
  return numberColumn(state.columns.find((found) => found.name === name)!);
}

function checkPresent({ columns }: GraphState, name: string): void {
  if (columns.some((column) => column.name === name)) return;
  throw new SlipwayError('schema_mismatch', {
    what: 'A preprocessing step names a column that is not there',
    expected: `one of ${tellColumns(columns.map((column) => column.name))}`,
    received: `"${name}"`,
  });
}

/** @throws SlipwayError `schema_mismatch` */
export function textColumn(column: GraphColumn): TextColumn {
  if (column.kind === 'text') return column;
  throw wrongKind(column.name, 'a column of type string', 'numbers');
}

/** @throws SlipwayError `schema_mismatch` */
export function numberColumn(column: GraphColumn): NumberColumn {
  if (column.kind === 'number') return column;
  throw wrongKind(column.name, 'numbers', 'text that no step encodes');
}

function wrongKind(name: string, expected: string, received: string): SlipwayError {
  return new SlipwayError('schema_mismatch', {
    what: `Column "${name}" has the wrong type`,
    expected,
    received,
  });
}
