import { bytesField, concatBytes, integerField, integersField } from './encode-protobuf.ts';

/** Element types of ONNX (`TensorProto.DataType`). */
export const elementTypes = { uint8: 2, long: 7, string: 8, boolean: 9, double: 11 } as const;

/** `TensorProto` without a name: values in one dimension, or a scalar when `dims` is empty. */
export type OnnxTensor = readonly Uint8Array[];

export function doubleTensor(
  values: ArrayLike<number>,
  dims: readonly number[] = [values.length],
): OnnxTensor {
  const view = new DataView(new ArrayBuffer(values.length * 8));
  for (let place = 0; place < values.length; place += 1) view.setFloat64(place * 8, values[place]!, true);
  return rawTensor(elementTypes.double, dims, new Uint8Array(view.buffer));
}

export function longTensor(values: readonly number[]): OnnxTensor {
  const view = new DataView(new ArrayBuffer(values.length * 8));
  values.forEach((value, place) => view.setBigInt64(place * 8, BigInt(value), true));
  return rawTensor(elementTypes.long, [values.length], new Uint8Array(view.buffer));
}

export function byteTensor(values: Uint8Array): OnnxTensor {
  return rawTensor(elementTypes.uint8, [values.length], values);
}

/** Texts have a field of their own: ONNX takes none in `raw_data`. */
export function stringTensor(values: readonly string[]): OnnxTensor {
  const texts = values.map((text) => bytesField(6, text));
  return [integersField(1, [values.length]), integerField(2, elementTypes.string), concatBytes(texts)];
}

function rawTensor(elementType: number, dims: readonly number[], content: Uint8Array): OnnxTensor {
  return [integersField(1, dims), integerField(2, elementType), bytesField(9, content)];
}
