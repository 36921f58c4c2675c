import { bytesField, concatBytes, integerField, integersField, messageField } from './encode-protobuf.ts';
import { doubleTensor, elementTypes, type OnnxTensor } from './onnx-tensor.ts';

/** The widest reach: TreeEnsemble came with ai.onnx.ml 5, the rest is as old as readers allow. */
const irVersion = 8;
const operatorSets = { '': 17, 'ai.onnx.ml': 5 } as const;

/** A value of a node's attribute; `integers` may be any array of whole numbers from 0. */
export type OnnxAttribute =
  { readonly integer: number } | { readonly integers: ArrayLike<number> } | { readonly tensor: OnnxTensor };

/** The name of a tensor in the graph. */
export type TensorName = string;

export interface OnnxNode {
  readonly operator: string;
  /** @default '' the core operators */
  readonly domain?: keyof typeof operatorSets;
  readonly inputs: readonly TensorName[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** Outputs besides the first that the operator has and nothing reads. @default 0 */
  readonly unread?: number;
}

/** A dimension: a number, or the name of one that is known when rows arrive. */
export type OnnxShape = readonly (number | string)[];

/**
 * A graph under construction. Nodes are written in the order they are added, so the same calls give the same bytes.
 * Field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export class OnnxGraph {
  readonly #taken: Set<string>;
  readonly #scalars = new Map<string, TensorName>();
  readonly #inputs: Uint8Array[] = [];
  readonly #constants: Uint8Array[] = [];
  readonly #nodes: Uint8Array[] = [];

  /** @param reserved names that inner tensors may not have: those of inputs and output */
  constructor(reserved: readonly string[]) {
    this.#taken = new Set(reserved);
  }

  addInput(name: string, elementType: number, shape: OnnxShape): TensorName {
    this.#inputs.push(messageField(11, valueInfo(name, elementType, shape)));
    return name;
  }

  /** A tensor that is part of the model. */
  addConstant(tensor: OnnxTensor): TensorName {
    const name = this.#nameTensor('constant');
    this.#constants.push(messageField(5, [...tensor, bytesField(8, name)]));
    return name;
  }

  /** A constant double without dimensions; equal numbers are written once. */
  addScalar(value: number): TensorName {
    const spelling = Object.is(value, -0) ? '-0' : String(value);
    const known = this.#scalars.get(spelling);
    if (known !== undefined) return known;
    const name = this.addConstant(doubleTensor([value], []));
    this.#scalars.set(spelling, name);
    return name;
  }

  /** Adds a node of which one output is read. */
  addNode(node: OnnxNode, output: TensorName = this.#nameTensor(node.operator)): TensorName {
    const { operator, domain = '', inputs, attributes = {}, unread = 0 } = node;
    this.#nodes.push(
      messageField(1, [
        ...inputs.map((input) => bytesField(1, input)),
        bytesField(2, output),
        ...Array.from({ length: unread }, () => bytesField(2, this.#nameTensor('unread'))),
        bytesField(3, output),
        bytesField(4, operator),
        ...Object.entries(attributes).map(([name, value]) => messageField(5, attributeFields(name, value))),
        ...(domain === '' ? [] : [bytesField(7, domain)]),
      ]),
    );
    return output;
  }

  /** The whole model file, with one output of doubles. */
  toModelBytes(output: { name: TensorName; shape: OnnxShape }): Uint8Array {
    const graph = [
      ...this.#nodes,
      bytesField(2, 'model'),
      ...this.#constants,
      ...this.#inputs,
      messageField(12, valueInfo(output.name, elementTypes.double, output.shape)),
    ];
    const sets = Object.entries(operatorSets).map(([domain, version]) =>
      messageField(8, [bytesField(1, domain), integerField(2, version)]),
    );
    return concatBytes([
      integerField(1, irVersion),
      bytesField(2, 'slipway'),
      messageField(7, graph),
      ...sets,
    ]);
  }

  #nameTensor(stem: string): TensorName {
    let number = this.#taken.size;
    while (this.#taken.has(`${stem}_${number}`)) number += 1;
    this.#taken.add(`${stem}_${number}`);
    return `${stem}_${number}`;
  }
}

function valueInfo(name: string, elementType: number, shape: OnnxShape): Uint8Array[] {
  const dims = shape.map((dim) =>
    messageField(1, [typeof dim === 'number' ? integerField(1, dim) : bytesField(2, dim)]),
  );
  const tensorType = messageField(1, [integerField(1, elementType), messageField(2, dims)]);
  return [bytesField(1, name), messageField(2, [tensorType])];
}

function attributeFields(name: string, value: OnnxAttribute): Uint8Array[] {
  const named = bytesField(1, name);
  if ('integer' in value) return [named, integerField(3, value.integer), integerField(20, 2)];
  if ('tensor' in value) return [named, messageField(5, value.tensor), integerField(20, 4)];
  return [named, integersField(8, value.integers), integerField(20, 7)];
}
