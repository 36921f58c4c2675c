import { SlipwayError } from '@slipway/contracts';
import { damagedNext } from './damaged-next.ts';
import type { FittedForest } from './fitted-estimator.ts';

/**
 * `forest.bin`, little-endian: uint32 feature count, uint32 trees, uint32 nodes; int32 roots, int32 features,
 * int32 right children, float64 values.
 */
export function encodeForest({ featureCount, roots, feature, value, right }: FittedForest): Uint8Array {
  const bytes = new Uint8Array(12 + roots.length * 4 + feature.length * 16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, featureCount, true);
  view.setUint32(4, roots.length, true);
  view.setUint32(8, feature.length, true);
  let offset = 12;
  for (const numbers of [roots, feature, right]) {
    for (const number of numbers) {
      view.setInt32(offset, number, true);
      offset += 4;
    }
  }
  for (const number of value) {
    view.setFloat64(offset, number, true);
    offset += 8;
  }
  return bytes;
}

/** Reads what {@link encodeForest} wrote. @throws SlipwayError `artifact_invalid` when it is not a sound forest */
export function decodeForest(bytes: Uint8Array): FittedForest {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) throw unsound('a header of 12 bytes');
  const [featureCount, treeCount, nodeCount] = [0, 4, 8].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
  ];
  const expected = 12 + treeCount * 4 + nodeCount * 16;
  if (bytes.length !== expected) throw unsound(`${expected} bytes`);
  const readIntegers = (start: number, count: number): Int32Array =>
    Int32Array.from({ length: count }, (_, index) => view.getInt32(start + index * 4, true));
  const forest: FittedForest = {
    family: 'random-forest',
    featureCount,
    roots: readIntegers(12, treeCount),
    feature: readIntegers(12 + treeCount * 4, nodeCount),
    right: readIntegers(12 + (treeCount + nodeCount) * 4, nodeCount),
    value: Float64Array.from({ length: nodeCount }, (_, index) =>
      view.getFloat64(12 + treeCount * 4 + nodeCount * 8 + index * 8, true),
    ),
  };
  checkNodes(forest);
  return forest;
}

/** Children lie behind their parents and inside the forest, so every walk ends. */
function checkNodes({ featureCount, roots, feature, value, right }: FittedForest): void {
  const areRoots = roots.every((root, tree) => (tree === 0 ? root === 0 : root > roots[tree - 1]!));
  if (roots.length === 0 || !areRoots || roots.at(-1)! >= feature.length) {
    throw unsound('roots that ascend from 0, inside the forest');
  }
  if (!value.every(Number.isFinite)) throw unsound('thresholds and predictions that are finite');
  for (let node = 0; node < feature.length; node += 1) {
    if (feature[node] === -1) continue;
    if (feature[node]! < 0 || feature[node]! >= featureCount) throw unsound(`features below ${featureCount}`);
    if (right[node]! <= node + 1 || right[node]! >= feature.length) {
      throw unsound('nodes whose children lie behind them');
    }
  }
}

function unsound(expected: string): SlipwayError {
  return new SlipwayError('artifact_invalid', {
    what: 'The forest of the model is damaged',
    expected,
    next: damagedNext,
  });
}
