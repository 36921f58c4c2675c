import { SlipwayError } from '@slipway/contracts';
import type { FittedForest } from '../fitted-estimator.ts';
import type { NumberColumn } from './graph-column.ts';
import { inexactColumn } from './inexact-column.ts';
import { createThresholdMover } from './move-thresholds.ts';
import type { OnnxAttribute, OnnxGraph, TensorName } from './onnx-graph.ts';
import { byteTensor, doubleTensor, longTensor } from './onnx-tensor.ts';
import { writeFlatten } from './write-inputs.ts';

/** ONNX Runtime loads trees by recursion: far deeper ones end the process. */
const deepest = 1_000;
const modeLessThan = 1;
const aggregateAverage = 0;
const aggregateSum = 1;
const unusedLeaves = 2;

/**
 * The forest as one `TreeEnsemble` of ai.onnx.ml 5 in doubles, over the columns before their operations.
 * Source: https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsemble.html
 * @throws SlipwayError `parameter_invalid` for a tree of more than 1,000 levels, and a ratio or product of logarithms
 */
export function writeForestNode(
  graph: OnnxGraph,
  forest: FittedForest,
  columns: readonly NumberColumn[],
): TensorName {
  checkDepth(forest);
  checkExact(columns);
  const features = writeMatrix(graph, columns);
  const attributes = forestAttributes(forest, columns);
  const output = graph.addNode({
    operator: 'TreeEnsemble',
    domain: 'ai.onnx.ml',
    inputs: [features],
    attributes,
  });
  return forest.selectionMethod === 'median'
    ? writeLowerMedian(graph, output, forest.roots.length)
    : writeFlatten(graph, output);
}

/** Of the trees side by side, [N, trees]: the least up to the middle one, and of these the last. */
function writeLowerMedian(graph: OnnxGraph, ofTrees: TensorName, treeCount: number): TensorName {
  const middle = (treeCount - 1) >> 1;
  const least = graph.addNode({
    operator: 'TopK',
    inputs: [ofTrees, graph.addConstant(longTensor([middle + 1]))],
    attributes: { axis: { integer: 1 }, largest: { integer: 0 }, sorted: { integer: 1 } },
    unread: 1,
  });
  const place = graph.addConstant(longTensor([middle]));
  const last = graph.addNode({
    operator: 'Gather',
    inputs: [least, place],
    attributes: { axis: { integer: 1 } },
  });
  return writeFlatten(graph, last);
}

/** A threshold may be a training value: a column whose last bit is another one would go the other way. */
function checkExact(columns: readonly NumberColumn[]): void {
  const column = columns.find(({ inexact }) => inexact !== undefined);
  if (column !== undefined) throw inexactColumn('A forest on', column);
}

/** Columns of shape [N] side by side: [N, F]. */
function writeMatrix(graph: OnnxGraph, columns: readonly NumberColumn[]): TensorName {
  const axes = graph.addConstant(longTensor([1]));
  const inputs = columns.map(({ tensor }) =>
    graph.addNode({ operator: 'Unsqueeze', inputs: [tensor, axes] }),
  );
  return graph.addNode({ operator: 'Concat', inputs, attributes: { axis: { integer: 1 } } });
}

/**
 * ONNX numbers inner nodes and leaves apart. The node "value < threshold" has the next node as its true branch. A tree
 * that is one leaf becomes a node with two equal leaves.
 *
 * ONNX Runtime 1.21 to 1.23 take a root for a leaf when the numbers of its children are equal, though one is a node and the
 * other a leaf, and read the wrong leaf when it is one (github.com/microsoft/onnxruntime/issues/24679). So every leaf is its own,
 * and two unused leaves come first: a tree has one leaf more than nodes, so from there on no numbers can meet.
 */
function forestAttributes(
  forest: FittedForest,
  columns: readonly NumberColumn[],
): Record<string, OnnxAttribute> {
  const { nodes, leaves, place, roots } = numberNodes(forest);
  const { feature, right, value } = forest;
  const isMedian = forest.selectionMethod === 'median';
  const weights = new Float64Array(unusedLeaves + leaves.length);
  leaves.forEach((leaf, index) => (weights[unusedLeaves + index] = value[leaf]!));
  const isLeaf = (node: number): boolean => feature[node]! < 0;
  const trueNode = nodes.map((node) => (isLeaf(node) ? place[node]! : place[node + 1]!));
  const falseNode = nodes.map((node) => (isLeaf(node) ? place[node]! + 1 : place[right[node]!]!));
  const trueLeaf = nodes.map((node) => Number(isLeaf(node) || isLeaf(node + 1)));
  const falseLeaf = nodes.map((node) => Number(isLeaf(node) || isLeaf(right[node]!)));
  return {
    aggregate_function: { integer: isMedian ? aggregateSum : aggregateAverage },
    leaf_targetids: { integers: targetsOf(forest, leaves) },
    leaf_weights: { tensor: doubleTensor(weights) },
    n_targets: { integer: isMedian ? roots.length : 1 },
    nodes_falseleafs: { integers: falseLeaf },
    nodes_falsenodeids: { integers: falseNode },
    ...thresholdAttributes(forest, nodes, columns),
    nodes_modes: { tensor: byteTensor(new Uint8Array(nodes.length).fill(modeLessThan)) },
    nodes_trueleafs: { integers: trueLeaf },
    nodes_truenodeids: { integers: trueNode },
    post_transform: { integer: 0 },
    tree_roots: { integers: roots },
  };
}

/** Per leaf, the number that it counts for: the mean of all trees is one number, for the median every tree has its own. */
function targetsOf({ selectionMethod, roots }: FittedForest, leaves: Int32Array): Int32Array {
  const targets = new Int32Array(unusedLeaves + leaves.length);
  if (selectionMethod === undefined) return targets;
  let tree = 0;
  leaves.forEach((leaf, index) => {
    while (leaf >= (roots[tree + 1] ?? Infinity)) tree += 1;
    targets[unusedLeaves + index] = tree;
  });
  return targets;
}

interface NumberedNodes {
  /** Nodes of the forest that become inner nodes, in order; a leaf among them is a whole tree. */
  readonly nodes: Int32Array;
  /** Nodes of the forest that become leaves, in order; a leaf that is a whole tree comes twice. */
  readonly leaves: Int32Array;
  /** Per node of the forest: its place among the inner nodes, or among the leaves. */
  readonly place: Int32Array;
  /** Places of the trees' first nodes among the inner nodes. */
  readonly roots: Int32Array;
}

function numberNodes({ feature, roots }: FittedForest): NumberedNodes {
  const place = new Int32Array(feature.length);
  const firsts = new Set(roots);
  const [nodes, leaves, rootPlaces] = [[] as number[], [] as number[], [] as number[]];
  for (let node = 0; node < feature.length; node += 1) {
    const isLeaf = feature[node]! < 0;
    const isTree = firsts.has(node);
    place[node] = isLeaf ? unusedLeaves + leaves.length : nodes.length;
    if (isTree) rootPlaces.push(nodes.length);
    if (isTree || !isLeaf) nodes.push(node);
    if (isLeaf) leaves.push(...(isTree ? [node, node] : [node]));
  }
  return {
    nodes: Int32Array.from(nodes),
    leaves: Int32Array.from(leaves),
    place,
    roots: Int32Array.from(rootPlaces),
  };
}

/** Features and thresholds; NULL goes where the value that it counts as would go. */
function thresholdAttributes(
  { feature, value }: FittedForest,
  nodes: Int32Array,
  columns: readonly NumberColumn[],
): Record<string, OnnxAttribute> {
  const movers = columns.map(createThresholdMover);
  const features = nodes.map((node) => Math.max(0, feature[node]!));
  const thresholds = Float64Array.from(nodes, (node) => (feature[node]! < 0 ? 0 : value[node]!));
  const nullGoesLeft = nodes.map((_, place) => {
    const { nullAs } = columns[features[place]!]!;
    return nullAs !== null && nullAs < thresholds[place]! ? 1 : 0;
  });
  const moved = thresholds.map((threshold, place) => movers[features[place]!]!(threshold));
  return {
    nodes_featureids: { integers: features },
    ...(nullGoesLeft.includes(1) ? { nodes_missing_value_tracks_true: { integers: nullGoesLeft } } : {}),
    nodes_splits: { tensor: doubleTensor(moved) },
  };
}

/** Children lie behind their parents, so one pass tells every depth. */
function checkDepth({ feature, right }: FittedForest): void {
  const depth = new Int32Array(feature.length);
  let greatest = 0;
  for (let node = 0; node < feature.length; node += 1) {
    const below = depth[node]! + 1;
    greatest = Math.max(greatest, below);
    if (feature[node]! < 0) continue;
    depth[node + 1] = below;
    depth[right[node]!] = below;
  }
  if (greatest <= deepest) return;
  throw new SlipwayError('parameter_invalid', {
    what: 'A tree of the forest is too deep for ONNX Runtime to load',
    expected: `at most ${deepest} levels`,
    received: `${greatest} levels`,
    next: 'Set "maxDepth" in the parameters of the estimator',
  });
}
