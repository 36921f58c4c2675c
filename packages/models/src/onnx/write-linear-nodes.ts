import type { FittedLinear } from '../fitted-estimator.ts';
import type { NumberColumn } from './graph-column.ts';
import type { OnnxGraph, TensorName } from './onnx-graph.ts';
import { writeNumberNodes } from './write-number-nodes.ts';

/** One Mul and Add per coefficient in the order of `predictEstimator`, so that every rounding is the same. */
export function writeLinearNodes(
  graph: OnnxGraph,
  { intercept, coefficients }: FittedLinear,
  columns: readonly NumberColumn[],
): TensorName {
  return columns.reduce((sum, column, place) => {
    const value = writeNumberNodes(graph, column);
    const term = graph.addNode({ operator: 'Mul', inputs: [value, graph.addScalar(coefficients[place]!)] });
    return graph.addNode({ operator: 'Add', inputs: [sum, term] });
  }, graph.addScalar(intercept));
}
