import type { OnnxGraph, TensorName } from './onnx-graph.ts';
import { elementTypes } from './onnx-tensor.ts';

/** Booleans to 0 and 1, whole numbers to doubles: exact up to 2^53. */
export function writeCastToDouble(graph: OnnxGraph, tensor: TensorName): TensorName {
  const to = { integer: elementTypes.double };
  return graph.addNode({ operator: 'Cast', inputs: [tensor], attributes: { to } });
}
