import type { OnnxGraph, TensorName } from './onnx-graph.ts';

/*
 * ONNX Runtime removes "x + 0", "x - 0", "x * 1" and "x / 1", and rounds the constant to a float before it looks
 * (core/optimizer/noop_elimination.cc, to 1.32 at least): a coefficient of 1.00000001 would be lost, and so would 1e-50. It
 * leaves Sum alone, and does not know -1.
 */

/** x + constant. */
export function writeSum(graph: OnnxGraph, tensor: TensorName, constant: number): TensorName {
  return graph.addNode({ operator: 'Sum', inputs: [tensor, graph.addScalar(constant)] });
}

/** x * constant. */
export function writeProduct(graph: OnnxGraph, tensor: TensorName, constant: number): TensorName {
  return writeScaled(graph, 'Mul', tensor, constant);
}

/** x / constant: multiplying by 1 / constant would round differently. */
export function writeQuotient(graph: OnnxGraph, tensor: TensorName, constant: number): TensorName {
  return writeScaled(graph, 'Div', tensor, constant);
}

/** Where the constant would be taken for 1, both sides change their sign, which is exact. */
function writeScaled(
  graph: OnnxGraph,
  operator: 'Mul' | 'Div',
  tensor: TensorName,
  constant: number,
): TensorName {
  if (constant === 1 || Math.fround(constant) !== 1) {
    return graph.addNode({ operator, inputs: [tensor, graph.addScalar(constant)] });
  }
  const negative = graph.addNode({ operator: 'Neg', inputs: [tensor] });
  return graph.addNode({ operator, inputs: [negative, graph.addScalar(-constant)] });
}
