import { functionOf, type NumberOperation } from '../steps/number-operation.ts';
import type { OnnxGraph, TensorName } from './onnx-graph.ts';

/**
 * A number column on its way through the steps. Its operations are kept beside the tensor and not yet in the graph,
 * because a forest does without them: it moves its thresholds instead.
 */
export interface NumberColumn {
  readonly kind: 'number';
  readonly name: string;
  /** Doubles of shape [N], before the operations; NULL is NaN. */
  readonly tensor: TensorName;
  readonly operations: readonly NumberOperation[];
  /** False when no row can be NULL. */
  readonly mayBeNull: boolean;
  /** What NULL counts as, after the operations; null when NULL has no value. */
  readonly nullAs: number | null;
  /** Why the tensor may differ from ours in its last bit, for people; undefined when it does not. */
  readonly inexact?: string;
}

/** A text column: texts of shape [N]. */
export interface TextColumn {
  readonly kind: 'text';
  readonly name: string;
  readonly tensor: TensorName;
  /** The text that NULL counts as; null when NULL has no value. */
  readonly nullAs: string | null;
}

export type GraphColumn = NumberColumn | TextColumn;

/** The graph with what the steps have made so far. */
export interface GraphState {
  readonly graph: OnnxGraph;
  readonly columns: readonly GraphColumn[];
  /** Boolean tensors of shape [N]: true where the model refuses the row. */
  readonly refused: readonly TensorName[];
}

/** A column that begins with a tensor of its own. */
export function newColumn(
  name: string,
  tensor: TensorName,
  { mayBeNull }: { mayBeNull: boolean },
): NumberColumn {
  return { kind: 'number', name, tensor, operations: [], mayBeNull, nullAs: null };
}

/**
 * The operations in JavaScript, the very ones of the steps; only a scale without spread is 0 for infinity too, so that the
 * whole never falls.
 */
export function applyOperations(operations: readonly NumberOperation[], value: number): number {
  let result = value;
  for (const operation of operations) {
    const isFlat = operation.kind === 'scale' && operation.spread === 0;
    result = isFlat && Math.abs(result) === Infinity ? 0 : functionOf(operation)(result);
  }
  return result;
}
