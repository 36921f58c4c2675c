import { SlipwayError } from '@slipway/contracts';
import type { FittedStep } from '../fitted-step.ts';
import {
  applyOperations,
  type GraphColumn,
  type GraphState,
  type NumberColumn,
  type NumberOperation,
  type TextColumn,
} from './graph-column.ts';
import type { OnnxGraph, TensorName } from './onnx-graph.ts';
import { smallestDouble } from './smallest-double.ts';
import { writeOneHotNodes, writeOrdinalNodes } from './write-encoding-nodes.ts';
import { writeIsNull } from './write-number-nodes.ts';

interface Replacement {
  readonly columns: readonly GraphColumn[];
  readonly refused?: readonly TensorName[];
}

/**
 * The graph's counterpart of `applyStep`. Where that throws, this marks the row as refused.
 * @throws SlipwayError `schema_mismatch` for a missing column or one of the wrong type, `parameter_invalid` for a category
 * that Python could not tell from NULL
 */
export function writeStep(state: GraphState, step: FittedStep): GraphState {
  const { graph } = state;
  switch (step.step) {
    case 'ordinal':
      return replaceColumns(state, step.columns, (column) =>
        writeOrdinalNodes(graph, textColumn(column), step),
      );
    case 'oneHot': {
      const names = step.encodings.map(({ column }) => column);
      return replaceColumns(state, names, (column) => writeOneHotNodes(graph, textColumn(column), step));
    }
    case 'log':
      return replaceColumns(state, step.columns, (column) => logarithm(graph, numberColumn(column)));
    case 'impute':
      return step.fills.reduce(
        (filled, { column, value }) =>
          replaceColumns(filled, [column], (found) => ({ columns: [fill(found, value)] })),
        state,
      );
    case 'standardise':
      return step.scales.reduce(
        (scaled, { column, mean, deviation }) =>
          replaceColumns(scaled, [column], (found) => ({
            columns: [operate(numberColumn(found), { kind: 'standardise', mean, deviation })],
          })),
        state,
      );
    case 'drop':
      return replaceColumns(state, step.columns, () => ({ columns: [] }));
  }
}

function replaceColumns(
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

/** Refuses what has no logarithm: values that the operations so far take to 0 or below. */
function logarithm(graph: OnnxGraph, column: NumberColumn): Replacement {
  const { operations, nullAs, mayBeNull } = column;
  const smallest = smallestDouble((value) => applyOperations(operations, value) > 0);
  const isTooSmall = graph.addNode({
    operator: 'Less',
    inputs: [column.tensor, graph.addScalar(smallest)],
  });
  const isNullTooSmall = mayBeNull && nullAs !== null && nullAs <= 0;
  return {
    columns: [operate(column, { kind: 'log' })],
    refused: isNullTooSmall ? [isTooSmall, writeIsNull(graph, column)] : [isTooSmall],
  };
}

function operate(column: NumberColumn, operation: NumberOperation): NumberColumn {
  const { nullAs } = column;
  return {
    ...column,
    operations: [...column.operations, operation],
    nullAs: nullAs === null ? null : applyOperations([operation], nullAs),
  };
}

/** NULL that was filled before is no NULL any more. */
function fill(column: GraphColumn, value: number | string): GraphColumn {
  if (column.nullAs !== null) return column;
  return column.kind === 'text'
    ? { ...column, nullAs: String(value) }
    : { ...column, nullAs: Number.isNaN(Number(value)) ? null : Number(value) };
}

function checkPresent({ columns }: GraphState, name: string): void {
  if (columns.some((column) => column.name === name)) return;
  throw new SlipwayError('schema_mismatch', {
    what: 'A preprocessing step names a column that is not there',
    expected: `one of ${columns.map((column) => `"${column.name}"`).join(', ')}`,
    received: `"${name}"`,
  });
}

function textColumn(column: GraphColumn): TextColumn {
  if (column.kind === 'text') return column;
  throw wrongKind(column.name, 'a column of type string', 'numbers');
}

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
