import { operationsOf, type FittedStep } from '../fitted-step.ts';
import { domainStart, type ColumnOperation, type NumberOperation } from '../steps/number-operation.ts';
import {
  applyOperations,
  newColumn,
  type GraphColumn,
  type GraphState,
  type NumberColumn,
} from './graph-column.ts';
import type { OnnxGraph, TensorName } from './onnx-graph.ts';
import { numberColumn, numberColumnOf, replaceGraphColumns, textColumn } from './replace-graph-columns.ts';
import { smallestDouble } from './smallest-double.ts';
import { writeCombinedColumn } from './write-combined-column.ts';
import { writeCyclicNodes } from './write-cyclic-nodes.ts';
import { writeDateParts } from './write-date-parts.ts';
import { writeOneHotNodes, writeOrdinalNodes } from './write-encoding-nodes.ts';
import { writeIndicator } from './write-indicator.ts';
import { writeIsNull, writeNumberNodes } from './write-number-nodes.ts';

/**
 * A step in the graph. Where the step itself would throw, this marks the row as refused.
 * @throws SlipwayError `schema_mismatch` for a missing column or one of the wrong type, `parameter_invalid` for a category
 * that Python could not tell from NULL
 */
export function writeStep(state: GraphState, step: FittedStep): GraphState {
  const { graph } = state;
  switch (step.step) {
    case 'ordinal':
      return replaceGraphColumns(state, step.columns, (column) =>
        writeOrdinalNodes(graph, textColumn(column), step),
      );
    case 'oneHot': {
      const names = step.encodings.map(({ column }) => column);
      return replaceGraphColumns(state, names, (column) => writeOneHotNodes(graph, textColumn(column), step));
    }
    case 'impute':
      return step.fills.reduce(
        (filled, { column, value, indicator }) =>
          replaceGraphColumns(filled, [column], (found) => ({
            columns: [
              fill(found, value),
              ...(indicator === undefined ? [] : [writeIndicator(graph, found, indicator)]),
            ],
          })),
        state,
      );
    case 'dateParts':
      return replaceGraphColumns(state, step.columns, (column) => {
        const { name, mayBeNull, ...rest } = numberColumn(column);
        const time = writeNumberNodes(graph, { name, mayBeNull, ...rest });
        const parts = writeDateParts(graph, time, step.parts);
        return {
          columns: parts.map((part, place) =>
            newColumn(`${name}_${step.parts[place]!}`, part, { mayBeNull }),
          ),
        };
      });
    case 'cyclic':
      return replaceGraphColumns(state, step.columns, (column) =>
        writeCyclicNodes(graph, numberColumn(column), step.period),
      );
    case 'ratio':
      return addCombined(state, step.as, { operator: 'Div', columns: [step.numerator, step.denominator] });
    case 'product':
      return addCombined(state, step.as, { operator: 'Mul', columns: step.columns });
    case 'drop':
      return replaceGraphColumns(state, step.columns, () => ({ columns: [] }));
    default:
      return (operationsOf(step) ?? []).reduce(writeOperation, state);
  }
}

function writeOperation(state: GraphState, { column, operation }: ColumnOperation): GraphState {
  const { graph } = state;
  return replaceGraphColumns(state, [column], (found) => {
    const number = numberColumn(found);
    const start = domainStart(operation);
    return {
      columns: [operate(number, operation)],
      refused: start === undefined ? [] : writeOutside(graph, number, start),
    };
  });
}

function addCombined(
  state: GraphState,
  name: string,
  { operator, columns }: { readonly operator: 'Div' | 'Mul'; readonly columns: readonly string[] },
): GraphState {
  const used = columns.map((column) => numberColumnOf(state, column));
  const combined = writeCombinedColumn(state.graph, name, { operator, columns: used });
  return { ...state, columns: [...state.columns, combined] };
}

/** Where a column, after its operations so far, is not above the start of a domain. */
function writeOutside(graph: OnnxGraph, column: NumberColumn, start: number): TensorName[] {
  const { operations, nullAs, mayBeNull, tensor } = column;
  const smallest = smallestDouble((value) => applyOperations(operations, value) > start);
  const isOutside = graph.addNode({ operator: 'Less', inputs: [tensor, graph.addScalar(smallest)] });
  const isNullOutside = mayBeNull && nullAs !== null && nullAs <= start;
  return isNullOutside ? [isOutside, writeIsNull(graph, column)] : [isOutside];
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
