import { SlipwayError } from '@slipway/contracts';
import { checkColumnCount } from '../check-column-count.ts';
import type { FittedModel } from '../fitted-model.ts';
import type { GraphState, NumberColumn } from './graph-column.ts';
import { OnnxGraph, type TensorName } from './onnx-graph.ts';
import { numberColumn } from './replace-graph-columns.ts';
import { writeCurveNodes } from './write-curve-nodes.ts';
import { writeForestNode } from './write-forest-node.ts';
import { writeInputs } from './write-inputs.ts';
import { writeLinearNodes } from './write-linear-nodes.ts';
import { writeIsNull } from './write-number-nodes.ts';
import { writeStep } from './write-steps.ts';

/**
 * The model as an ONNX file: raw feature columns in, one column of predictions out, in the unit of the target, with the
 * preprocessing inside. Doubles throughout. Where `predictModel` throws for a row, the graph predicts NaN, because a graph
 * cannot raise an error; for infinity too. A prediction that overflows is Infinity. Equal models give equal bytes.
 *
 * Written as IR 8, core operators 17, ai.onnx.ml 5, which ONNX Runtime reads from 1.21.
 * @throws SlipwayError `schema_mismatch` for steps or an estimator that do not fit the columns, `parameter_invalid` for what
 * ONNX Runtime cannot take: a tree of more than 1,000 levels, a forest or bins on a ratio or product of logarithms, a category
 * called "None", "nan" or "<NA>"
 */
export function writeOnnx(model: FittedModel): Uint8Array {
  const { signature, preprocessing, targetTransform } = model;
  const names = signature.inputs.map(({ name }) => name);
  const output = signature.output.name;
  checkNames(output, names);
  const graph = new OnnxGraph([...names, output]);
  const inputs = writeInputs(graph, signature);
  const state = preprocessing.reduce(writeStep, inputs);
  const columns = state.columns.map(numberColumn);
  const { estimate, refused } = writeEstimatorNodes(graph, model, columns);
  const rowCount = graph.addNode({ operator: 'Shape', inputs: [inputs.columns[0]!.tensor] });
  const perRow = graph.addNode({ operator: 'Expand', inputs: [estimate, rowCount] });
  const known = writeRefusals(graph, perRow, [...state.refused, ...refused, ...writeNulls(graph, columns)]);
  graph.addNode({ operator: targetTransform === 'log' ? 'Exp' : 'Identity', inputs: [known] }, output);
  return graph.toModelBytes({ name: output, shape: ['N'] });
}

/** Predictions in the unit the estimator was fitted in: one per row, or a scalar where no column counts. */
function writeEstimatorNodes(
  graph: OnnxGraph,
  { estimator }: FittedModel,
  columns: readonly NumberColumn[],
): { readonly estimate: TensorName; readonly refused: readonly TensorName[] } {
  switch (estimator.family) {
    case 'random-forest':
      checkColumnCount(columns, estimator.featureCount);
      return { estimate: writeForestNode(graph, estimator, columns), refused: [] };
    case 'linear':
      checkColumnCount(columns, estimator.coefficients.length);
      return { estimate: writeLinearNodes(graph, estimator, columns), refused: [] };
    case 'mean':
      return { estimate: graph.addScalar(estimator.mean), refused: [] };
    default:
      checkColumnCount(columns, 1);
      return writeCurveNodes(graph, estimator, columns[0]!);
  }
}

/** Where a column that the estimator takes is NULL and nothing fills it in. */
function writeNulls(graph: OnnxGraph, columns: readonly NumberColumn[]): TensorName[] {
  return columns
    .filter(({ mayBeNull, nullAs }) => mayBeNull && nullAs === null)
    .map((column) => writeIsNull(graph, column));
}

function writeRefusals(
  graph: OnnxGraph,
  predictions: TensorName,
  [first, ...others]: GraphState['refused'],
): TensorName {
  if (first === undefined) return predictions;
  const isRefused = others.reduce(
    (any, next) => graph.addNode({ operator: 'Or', inputs: [any, next] }),
    first,
  );
  return graph.addNode({ operator: 'Where', inputs: [isRefused, graph.addScalar(NaN), predictions] });
}

function checkNames(output: string, inputs: readonly string[]): void {
  if (inputs.length === 0) {
    throw new SlipwayError('schema_mismatch', {
      what: 'The model takes no column',
      expected: 'at least one, whose rows are counted',
      next: 'Name a feature; the family "mean" may drop it',
    });
  }
  if (!inputs.includes(output)) return;
  throw new SlipwayError('schema_mismatch', {
    what: `The prediction has the name of an input, "${output}"`,
    expected: 'a name of its own',
  });
}
