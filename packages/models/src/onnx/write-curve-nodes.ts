import type { FittedCurve, FittedPolynomial } from '../fitted-estimator.ts';
import type { NumberColumn } from './graph-column.ts';
import type { OnnxGraph, TensorName } from './onnx-graph.ts';
import { smallestDouble } from './smallest-double.ts';
import { writeProduct, writeQuotient, writeSum } from './write-constant-nodes.ts';
import { writeNumberNodes } from './write-number-nodes.ts';

/** A function of one column, in the order of `predictCurve`; `refused` where that throws. */
export function writeCurveNodes(
  graph: OnnxGraph,
  curve: FittedCurve,
  column: NumberColumn,
): { readonly estimate: TensorName; readonly refused: readonly TensorName[] } {
  const x = writeNumberNodes(graph, column);
  switch (curve.family) {
    case 'polynomial':
    case 'robust-polynomial':
      return { estimate: writePolynomial(graph, curve, x), refused: [] };
    case 'theil-sen':
      return { estimate: writeSum(graph, writeProduct(graph, x, curve.slope), curve.intercept), refused: [] };
    case 'power': {
      const power = graph.addNode({ operator: 'Pow', inputs: [x, graph.addScalar(curve.exponent)] });
      const least = graph.addScalar(smallestDouble((value) => value > 0));
      const isTooSmall = graph.addNode({ operator: 'Less', inputs: [x, least] });
      return { estimate: writeProduct(graph, power, curve.factor), refused: [isTooSmall] };
    }
    case 'exponential': {
      const growth = graph.addNode({ operator: 'Exp', inputs: [writeProduct(graph, x, curve.rate)] });
      return { estimate: writeProduct(graph, growth, curve.factor), refused: [] };
    }
  }
}

function writePolynomial(
  graph: OnnxGraph,
  { centre, spread, coefficients }: FittedPolynomial,
  x: TensorName,
): TensorName {
  const [constant = 0, ...others] = coefficients;
  const z = writeQuotient(graph, writeSum(graph, x, -centre), spread);
  let sum: TensorName = graph.addScalar(constant);
  let power: TensorName | undefined;
  others.forEach((coefficient, place) => {
    power = power === undefined ? z : graph.addNode({ operator: 'Mul', inputs: [power, z] });
    const term = writeProduct(graph, power, coefficient);
    sum =
      place === 0 ? writeSum(graph, term, constant) : graph.addNode({ operator: 'Add', inputs: [sum, term] });
  });
  return sum;
}
