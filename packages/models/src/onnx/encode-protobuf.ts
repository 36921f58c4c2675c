/**
 * The wire format of Protocol Buffers, as far as ONNX needs it: varints, length-delimited fields, packed integers.
 * Source: https://protobuf.dev/programming-guides/encoding/
 */

const varintType = 0;
const lengthDelimitedType = 2;

/** Bytes one after the other. A message is its fields in a row. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** A field that holds a whole number from 0 to 2^53. */
export function integerField(field: number, value: number): Uint8Array {
  return concatBytes([encodeVarints([field * 8 + varintType]), encodeVarints([value])]);
}

/** A field that holds bytes, or a text in UTF-8. */
export function bytesField(field: number, content: Uint8Array | string): Uint8Array {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return concatBytes([encodeVarints([field * 8 + lengthDelimitedType, bytes.length]), bytes]);
}

/** A field that holds a message. */
export function messageField(field: number, fields: readonly Uint8Array[]): Uint8Array {
  return bytesField(field, concatBytes(fields));
}

/** A repeated field of whole numbers from 0 to 2^53, packed. */
export function integersField(field: number, values: ArrayLike<number>): Uint8Array {
  return bytesField(field, encodeVarints(values));
}

/** Seven bits a byte, the lowest first; the high bit says that more follow. */
function encodeVarints(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  let length = 0;
  for (let place = 0; place < values.length; place += 1) {
    let rest = values[place]!;
    while (rest > 0x7f) {
      bytes[length] = (rest % 0x80) + 0x80;
      length += 1;
      rest = Math.floor(rest / 0x80);
    }
    bytes[length] = rest;
    length += 1;
  }
  return bytes.subarray(0, length);
}
