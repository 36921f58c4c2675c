import type { NumberColumn, NumberOperation } from './graph-column.ts';
import type { OnnxGraph, TensorName } from './onnx-graph.ts';
import { writeProduct, writeQuotient, writeSum } from './write-constant-nodes.ts';

/** The column after its operations, as a tensor of shape [N]: what `applyPreprocessing` gives, to the last bits of Log. */
export function writeNumberNodes(graph: OnnxGraph, column: NumberColumn): TensorName {
  const { tensor, operations, mayBeNull, nullAs } = column;
  const value = operations.reduce((input, operation) => writeOperation(graph, input, operation), tensor);
  if (!mayBeNull || nullAs === null) return value;
  const isNull = writeIsNull(graph, column);
  return graph.addNode({ operator: 'Where', inputs: [isNull, graph.addScalar(nullAs), value] });
}

/** A boolean tensor of shape [N]: true where the column was NULL. */
export function writeIsNull(graph: OnnxGraph, { tensor }: NumberColumn): TensorName {
  return graph.addNode({ operator: 'IsNaN', inputs: [tensor] });
}

/** In the order of `applyStep`: centred, then divided. */
function writeOperation(graph: OnnxGraph, value: TensorName, operation: NumberOperation): TensorName {
  if (operation.kind === 'log') return graph.addNode({ operator: 'Log', inputs: [value] });
  const { mean, deviation } = operation;
  if (deviation === 0) return writeProduct(graph, value, 0);
  return writeQuotient(graph, writeSum(graph, value, -mean), deviation);
}
