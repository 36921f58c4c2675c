import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** A sha256 in lower-case hexadecimal, 64 characters. */
export type Digest = string;

/** sha256 of bytes, or of a string's UTF-8 bytes. */
export function sha256Hex(content: string | Uint8Array): Digest {
  return createHash('sha256').update(content).digest('hex');
}

/** sha256 of the canonical JSON of a value: equal values have equal digests, whatever their key order. */
export function digestOf(value: unknown): Digest {
  return sha256Hex(canonicalJson(value));
}
