import { isExact, type NumberOperation } from '../steps/number-operation.ts';
import type { NumberColumn } from './graph-column.ts';
import { inexactColumn } from './inexact-column.ts';
import { createThresholdMover } from './move-thresholds.ts';
import type { OnnxGraph, TensorName } from './onnx-graph.ts';
import { writeCastToDouble } from './write-cast-node.ts';
import { writeProduct, writeQuotient, writeSum } from './write-constant-nodes.ts';

/**
 * The column after its operations, as a tensor of shape [N]: what `applyPreprocessing` gives, to the last bits of Log.
 * @throws SlipwayError `parameter_invalid` for bins of a ratio or product of logarithms
 */
export function writeNumberNodes(graph: OnnxGraph, column: NumberColumn): TensorName {
  const { tensor, mayBeNull, nullAs } = column;
  const value = binnedExactly(column).reduce(
    (input, operation) => writeOperation(graph, input, operation),
    tensor,
  );
  if (!mayBeNull || nullAs === null) return value;
  const isNull = writeIsNull(graph, column);
  return graph.addNode({ operator: 'Where', inputs: [isNull, graph.addScalar(nullAs), value] });
}

/**
 * The operations, with the edges of the last bin moved to before a logarithm: a quantile is a training value, and a last bit
 * that differs would put it into the bin below.
 */
function binnedExactly(column: NumberColumn): readonly NumberOperation[] {
  const { operations, inexact } = column;
  const last = operations.findLastIndex(({ kind }) => kind === 'bin');
  const bin = operations[last];
  if (bin?.kind !== 'bin') return operations;
  if (inexact !== undefined) throw inexactColumn('Bins of', column);
  const before = operations.slice(0, last);
  if (before.every(isExact)) return operations;
  const move = createThresholdMover({ ...column, operations: before });
  return [{ kind: 'bin', edges: bin.edges.map(move) }, ...operations.slice(last + 1)];
}

/** A boolean tensor of shape [N]: true where the column was NULL. */
export function writeIsNull(graph: OnnxGraph, { tensor }: Pick<NumberColumn, 'tensor'>): TensorName {
  return graph.addNode({ operator: 'IsNaN', inputs: [tensor] });
}

/** By the rounding of `functionOf`: centred, then divided. */
function writeOperation(graph: OnnxGraph, value: TensorName, operation: NumberOperation): TensorName {
  switch (operation.kind) {
    case 'log':
      return graph.addNode({ operator: 'Log', inputs: [value] });
    case 'log1p':
      return writeLog1p(graph, value);
    case 'scale': {
      const { centre, spread } = operation;
      if (spread === 0) return writeProduct(graph, value, 0);
      return writeQuotient(graph, writeSum(graph, value, -centre), spread);
    }
    case 'clip': {
      const raised = writeLimit(graph, value, 'Less', operation.lower);
      return writeLimit(graph, raised, 'Greater', operation.upper);
    }
    case 'bin':
      return writeBin(graph, value, operation.edges);
  }
}

/**
 * Log(1 + x) loses small x. With u = 1 + x, rounded: x where u is 1, else Log(u) * (x / (u - 1)).
 * Source: HP-15C Advanced Functions Handbook, appendix; W. Kahan.
 */
function writeLog1p(graph: OnnxGraph, value: TensorName): TensorName {
  const one = graph.addScalar(1);
  const shifted = graph.addNode({ operator: 'Add', inputs: [value, one] });
  const isLost = graph.addNode({ operator: 'Equal', inputs: [shifted, one] });
  const kept = graph.addNode({ operator: 'Sub', inputs: [shifted, one] });
  // Where nothing of x is left, the divisor is 0 and the quotient is not used.
  const correction = graph.addNode({ operator: 'Div', inputs: [value, kept] });
  const logarithm = graph.addNode({ operator: 'Log', inputs: [shifted] });
  const corrected = graph.addNode({ operator: 'Mul', inputs: [logarithm, correction] });
  return graph.addNode({ operator: 'Where', inputs: [isLost, value, corrected] });
}

/** NaN is beyond no limit. */
function writeLimit(
  graph: OnnxGraph,
  value: TensorName,
  beyond: 'Less' | 'Greater',
  limit: number,
): TensorName {
  if (Math.abs(limit) === Infinity) return value;
  const isBeyond = graph.addNode({ operator: beyond, inputs: [value, graph.addScalar(limit)] });
  return graph.addNode({ operator: 'Where', inputs: [isBeyond, graph.addScalar(limit), value] });
}

/** How many edges are not above the value; NULL stays NULL. */
function writeBin(graph: OnnxGraph, value: TensorName, edges: readonly number[]): TensorName {
  const passed = edges.map((edge) => {
    const isNotAbove = graph.addNode({ operator: 'GreaterOrEqual', inputs: [value, graph.addScalar(edge)] });
    return writeCastToDouble(graph, isNotAbove);
  });
  const [first, ...others] = passed;
  const count = others.reduce((sum, next) => graph.addNode({ operator: 'Add', inputs: [sum, next] }), first!);
  const isNull = graph.addNode({ operator: 'IsNaN', inputs: [value] });
  return graph.addNode({ operator: 'Where', inputs: [isNull, value, count] });
}
