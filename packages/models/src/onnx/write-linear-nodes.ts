import type { FittedLinear } from '../fitted-estimator.ts';
import type { NumberColumn } from './graph-column.ts';
import type { OnnxGraph, TensorName } from './onnx-graph.ts';
import { writeProduct, writeSum } from './write-constant-nodes.ts';
import { writeNumberNodes } from './write-number-nodes.ts';

/** A product and a sum per coefficient, in the order of `predictEstimator`, so that every rounding is the same. */
export function writeLinearNodes(
  graph: OnnxGraph,
  { intercept, coefficients }: FittedLinear,
  columns: readonly NumberColumn[],
): TensorName {
  const terms = columns.map((column, place) =>
    writeProduct(graph, writeNumberNodes(graph, column), coefficients[place]!),
  );
  const [first, ...others] = terms;
  if (first === undefined) return graph.addScalar(intercept);
  return others.reduce(
    (sum, term) => graph.addNode({ operator: 'Add', inputs: [sum, term] }),
    writeSum(graph, first, intercept),
  );
}
