import { pythonTypeOf, type ModelSignature } from '@slipway/contracts';

/**
 * A signature as MLflow's `MLmodel` holds it: two JSON texts. Every column is required, because the ONNX wrapper looks each
 * one up by name; a column that may be NULL is a double or a string, which have a NULL in pandas.
 */
export function mlflowSchemaOf({ inputs, output }: ModelSignature): { inputs: string; outputs: string } {
  const columns = inputs.map((input) => ({ type: pythonTypeOf(input), name: input.name, required: true }));
  return {
    inputs: asciiJson(columns),
    outputs: asciiJson([{ type: output.type, name: output.name, required: true }]),
  };
}

/** JSON in ASCII: a YAML reader takes some other characters for line breaks. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[^ -~]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
