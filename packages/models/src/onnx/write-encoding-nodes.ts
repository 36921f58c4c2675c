import type { FittedStep } from '../fitted-step.ts';
import type { GraphState, NumberColumn, TextColumn } from './graph-column.ts';
import { checkNoNullText, nullTexts } from './null-texts.ts';
import type { OnnxGraph, TensorName } from './onnx-graph.ts';
import { doubleTensor, stringTensor } from './onnx-tensor.ts';
import { writeCastToDouble } from './write-cast-node.ts';

type Encoded = Pick<GraphState, 'refused'> & { readonly columns: readonly NumberColumn[] };

/** The code of a text that the model refuses. */
const refusedCode = -1;

/** Text to its place in the order. NULL is NaN, so that a later step may fill it. */
export function writeOrdinalNodes(
  graph: OnnxGraph,
  column: TextColumn,
  { order, unseen }: Extract<FittedStep, { step: 'ordinal' }>,
): Encoded {
  checkNoNullText(column.name, order);
  const codes = new Map(order.map((text, place) => [text, place]));
  const otherCode = unseen === 'after' ? order.length : refusedCode;
  const nullCode = column.nullAs === null ? NaN : (codes.get(column.nullAs) ?? otherCode);
  const tensor = writeLabelEncoder(graph, column.tensor, { codes, otherCode, nullCode });
  const mayBeNull = column.nullAs === null;
  return {
    columns: [{ kind: 'number', name: column.name, tensor, operations: [], mayBeNull, nullAs: null }],
    refused: otherCode === refusedCode ? [writeIsRefused(graph, tensor)] : [],
  };
}

/** Text to one 0/1 column per category. A text without a column of its own gives zeros. */
export function writeOneHotNodes(
  graph: OnnxGraph,
  column: TextColumn,
  { encodings, unseen }: Extract<FittedStep, { step: 'oneHot' }>,
): Encoded {
  const { base = null, categories = [] } =
    encodings.find((encoding) => encoding.column === column.name) ?? {};
  const zeros = categories.length;
  const codes = new Map(categories.map((text, place) => [text, place]));
  if (base !== null && !codes.has(base)) codes.set(base, zeros);
  checkNoNullText(column.name, [...codes.keys()]);
  const otherCode = unseen === 'ignore' ? zeros : refusedCode;
  const nullCode = column.nullAs === null ? refusedCode : (codes.get(column.nullAs) ?? otherCode);
  const tensor = writeLabelEncoder(graph, column.tensor, { codes, otherCode, nullCode });
  const mayRefuse = otherCode === refusedCode || nullCode === refusedCode;
  return {
    columns: categories.map((text, place) => ({
      kind: 'number',
      name: `${column.name}=${text}`,
      tensor: writeIsCode(graph, tensor, place),
      operations: [],
      mayBeNull: false,
      nullAs: null,
    })),
    refused: mayRefuse ? [writeIsRefused(graph, tensor)] : [],
  };
}

function writeLabelEncoder(
  graph: OnnxGraph,
  texts: TensorName,
  { codes, otherCode, nullCode }: { codes: ReadonlyMap<string, number>; otherCode: number; nullCode: number },
): TensorName {
  const keys = [...codes.keys(), ...nullTexts];
  const values = [...codes.values(), ...nullTexts.map(() => nullCode)];
  return graph.addNode({
    operator: 'LabelEncoder',
    domain: 'ai.onnx.ml',
    inputs: [texts],
    attributes: {
      keys_tensor: { tensor: stringTensor(keys) },
      values_tensor: { tensor: doubleTensor(values) },
      default_tensor: { tensor: doubleTensor([otherCode]) },
    },
  });
}

function writeIsRefused(graph: OnnxGraph, codes: TensorName): TensorName {
  return graph.addNode({ operator: 'Less', inputs: [codes, graph.addScalar(0)] });
}

function writeIsCode(graph: OnnxGraph, codes: TensorName, code: number): TensorName {
  const isCode = graph.addNode({ operator: 'Equal', inputs: [codes, graph.addScalar(code)] });
  return writeCastToDouble(graph, isCode);
}
