import type { OnnxGraph, TensorName } from './onnx-graph.ts';

/** What a step does to a number; both never fall as the number grows. */
export type NumberOperation =
  | { readonly kind: 'log' }
  | { readonly kind: 'standardise'; readonly mean: number; readonly deviation: number };

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

/**
 * The operations in JavaScript, the very ones of `applyStep`; only a column without deviation is 0 for infinity too, so that
 * the whole never falls.
 */
export function applyOperations(operations: readonly NumberOperation[], value: number): number {
  let result = value;
  for (const operation of operations) {
    if (operation.kind === 'log') result = Math.log(result);
    else if (operation.deviation === 0) result = Math.abs(result) === Infinity ? 0 : 0 * result;
    else result = (result - operation.mean) / operation.deviation;
  }
  return result;
}
