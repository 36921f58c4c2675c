import { isExact } from '../steps/number-operation.ts';
import { newColumn, type NumberColumn } from './graph-column.ts';
import type { OnnxGraph } from './onnx-graph.ts';
import { writeNumberNodes } from './write-number-nodes.ts';

/** Columns divided or multiplied, in their order. What is not finite is NULL. */
export function writeCombinedColumn(
  graph: OnnxGraph,
  name: string,
  { operator, columns }: { readonly operator: 'Div' | 'Mul'; readonly columns: readonly NumberColumn[] },
): NumberColumn {
  const result = columns
    .map((column) => writeNumberNodes(graph, column))
    .reduce((soFar, next) => graph.addNode({ operator, inputs: [soFar, next] }));
  const isInfinite = graph.addNode({ operator: 'IsInf', inputs: [result] });
  const tensor = graph.addNode({ operator: 'Where', inputs: [isInfinite, graph.addScalar(NaN), result] });
  const rounded = columns.find((column) => inexactness(column) !== undefined);
  const inexact = rounded && inexactness(rounded);
  return { ...newColumn(name, tensor, { mayBeNull: true }), ...(inexact === undefined ? {} : { inexact }) };
}

/** Why a column may differ from ours in its last bit. */
function inexactness({ name, operations, inexact }: NumberColumn): string | undefined {
  const logarithm = operations.find((operation) => !isExact(operation));
  return logarithm === undefined ? inexact : `the "${logarithm.kind}" of "${name}"`;
}
