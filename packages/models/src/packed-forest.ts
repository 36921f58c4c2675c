import type { FittedForest } from './fitted-estimator.ts';

/**
 * The nodes of a forest, 16 bytes each in one block of memory, so that a step down a tree meets one cache line and not three:
 * a double at byte 0 (threshold, or what a leaf predicts), at byte 8 the feature (-1 for a leaf), at byte 12 the right child.
 * Threads share it.
 */
export interface PackedForest {
  /** The first node of every tree. */
  readonly roots: Int32Array;
  /** Entry `2 * node`. */
  readonly values: Float64Array;
  /** Entries `4 * node + 2`, the feature, and `4 * node + 3`, the right child. */
  readonly integers: Int32Array;
}

/** As long as its forest lives. */
const packed = new WeakMap<FittedForest, PackedForest>();

/** Packs a forest the first time it is asked for. */
export function packForest(forest: FittedForest): PackedForest {
  const known = packed.get(forest);
  if (known !== undefined) return known;
  const { roots, feature, value, right } = forest;
  const buffer = new SharedArrayBuffer(feature.length * 16);
  const [values, integers] = [new Float64Array(buffer), new Int32Array(buffer)];
  for (let node = 0; node < feature.length; node += 1) {
    values[2 * node] = value[node]!;
    integers[4 * node + 2] = feature[node]!;
    integers[4 * node + 3] = right[node]!;
  }
  const made = { roots, values, integers };
  packed.set(forest, made);
  return made;
}
