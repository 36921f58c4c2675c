import { newColumn, type GraphColumn, type NumberColumn } from './graph-column.ts';
import { nullTexts } from './null-texts.ts';
import type { OnnxGraph, TensorName } from './onnx-graph.ts';
import { doubleTensor, stringTensor } from './onnx-tensor.ts';
import { writeCastToDouble } from './write-cast-node.ts';
import { writeProduct } from './write-constant-nodes.ts';
import { writeIsNull } from './write-number-nodes.ts';

/** 1 where a column is NULL and nothing has filled it yet. */
export function writeIndicator(graph: OnnxGraph, column: GraphColumn, name: string): NumberColumn {
  const wasNull =
    column.kind === 'text' ? writeIsNullText(graph, column.tensor) : writeWasNull(graph, column);
  const tensor = column.nullAs === null ? wasNull : writeProduct(graph, wasNull, 0);
  return newColumn(name, tensor, { mayBeNull: false });
}

function writeWasNull(graph: OnnxGraph, column: NumberColumn): TensorName {
  return writeCastToDouble(graph, writeIsNull(graph, column));
}

function writeIsNullText(graph: OnnxGraph, texts: TensorName): TensorName {
  return graph.addNode({
    operator: 'LabelEncoder',
    domain: 'ai.onnx.ml',
    inputs: [texts],
    attributes: {
      keys_tensor: { tensor: stringTensor(nullTexts) },
      values_tensor: { tensor: doubleTensor(nullTexts.map(() => 1)) },
      default_tensor: { tensor: doubleTensor([0]) },
    },
  });
}
