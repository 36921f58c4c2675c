import { circleOf } from '../steps/cyclic.ts';
import { newColumn, type NumberColumn } from './graph-column.ts';
import type { OnnxGraph, TensorName } from './onnx-graph.ts';
import { doubleTensor, elementTypes, longTensor } from './onnx-tensor.ts';
import { writeIsNull, writeNumberNodes } from './write-number-nodes.ts';

/** Whole numbers beyond it are refused, as they are no safe integers. */
const largest = Number.MAX_SAFE_INTEGER;

/** Sine and cosine from a table, because ONNX Runtime's own differ in the last bits. What is no whole number is refused. */
export function writeCyclicNodes(
  graph: OnnxGraph,
  column: NumberColumn,
  period: number,
): { readonly columns: readonly NumberColumn[]; readonly refused: readonly TensorName[] } {
  const value = writeNumberNodes(graph, column);
  const isNull = writeIsNull(graph, { tensor: value });
  const known = graph.addNode({ operator: 'Where', inputs: [isNull, graph.addScalar(0), value] });
  const rounded = graph.addNode({ operator: 'Floor', inputs: [known] });
  const isWhole = graph.addNode({ operator: 'Equal', inputs: [known, rounded] });
  const size = graph.addNode({ operator: 'Abs', inputs: [known] });
  const isLarge = graph.addNode({ operator: 'Greater', inputs: [size, graph.addScalar(largest)] });
  const place = graph.addNode({
    operator: 'Mod',
    inputs: [
      graph.addNode({
        operator: 'Cast',
        inputs: [rounded],
        attributes: { to: { integer: elementTypes.long } },
      }),
      graph.addConstant(longTensor([period])),
    ],
  });
  const { sines, cosines } = circleOf(period);
  const pick = (table: Float64Array): TensorName => {
    const picked = graph.addNode({
      operator: 'Gather',
      inputs: [graph.addConstant(doubleTensor(table)), place],
    });
    return graph.addNode({ operator: 'Where', inputs: [isNull, graph.addScalar(NaN), picked] });
  };
  const { mayBeNull } = column;
  return {
    columns: [
      newColumn(`${column.name}_sin`, pick(sines), { mayBeNull }),
      newColumn(`${column.name}_cos`, pick(cosines), { mayBeNull }),
    ],
    refused: [graph.addNode({ operator: 'Not', inputs: [isWhole] }), isLarge],
  };
}
