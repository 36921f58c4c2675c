import { pythonTypeOf, type ModelSignature } from '@slipway/contracts';
import type { GraphColumn, GraphState } from './graph-column.ts';
import type { OnnxGraph, TensorName } from './onnx-graph.ts';
import { elementTypes, longTensor } from './onnx-tensor.ts';
import { writeCastToDouble } from './write-cast-node.ts';

/**
 * Declares one input per column of the signature. MLflow feeds a column of shape [N] where there are several inputs, and
 * the whole frame, [N, 1], where there is one. Infinity, which serving refuses, is refused here too.
 */
export function writeInputs(graph: OnnxGraph, { inputs }: ModelSignature): GraphState {
  const isOnly = inputs.length === 1;
  const columns: GraphColumn[] = [];
  const refused: TensorName[] = [];
  for (const input of inputs) {
    const { name } = input;
    const type = pythonTypeOf(input);
    const declared = graph.addInput(name, elementTypes[type], isOnly ? ['N', 1] : ['N']);
    const tensor = isOnly ? writeFlatten(graph, declared) : declared;
    if (type === 'string') columns.push({ kind: 'text', name, tensor, nullAs: null });
    else columns.push(numberColumn(graph, name, tensor, type));
    if (type === 'double') refused.push(graph.addNode({ operator: 'IsInf', inputs: [tensor] }));
  }
  return { graph, columns, refused };
}

function numberColumn(
  graph: OnnxGraph,
  name: string,
  tensor: TensorName,
  type: 'double' | 'long' | 'boolean',
): GraphColumn {
  const isDouble = type === 'double';
  return {
    kind: 'number',
    name,
    tensor: isDouble ? tensor : writeCastToDouble(graph, tensor),
    operations: [],
    mayBeNull: isDouble,
    nullAs: null,
  };
}

/** To shape [N]. */
export function writeFlatten(graph: OnnxGraph, tensor: TensorName): TensorName {
  return graph.addNode({ operator: 'Reshape', inputs: [tensor, graph.addConstant(longTensor([-1]))] });
}
