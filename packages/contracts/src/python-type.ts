import type { ModelSignature } from './model-signature.ts';

/** Types in which Python hands a column to a model: MLflow's schema types, and the element types of ONNX inputs. */
export type PythonType = 'double' | 'long' | 'boolean' | 'string';

/**
 * How a column crosses into Python, where whole numbers and booleans have no NULL and arrive as doubles once they may
 * be: 0, 1 and NaN for a nullable boolean. Datetimes are microseconds since 1970-01-01 UTC, because ONNX has no time type.
 */
export function pythonTypeOf({
  type,
  nullable,
}: Pick<ModelSignature['inputs'][number], 'type' | 'nullable'>): PythonType {
  if (type === 'string') return 'string';
  if (nullable) return 'double';
  return type === 'datetime' ? 'long' : type;
}
