import { z } from 'zod';
import { nearestName } from './nearest-name.ts';
import { SlipwayError } from './slipway-error.ts';

/**
 * Checks what a person wrote against a schema, with defaults filled in.
 * @param noun what it is, for the message ("model configuration bike-demand")
 * @throws SlipwayError `configuration_invalid` listing every problem with its path; an unknown key comes with the
 * nearest right one. Values are not shown.
 */
export function parseConfiguration<T>(schema: z.ZodType<T>, noun: string, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => describeIssue(issue, schema));
  throw new SlipwayError('configuration_invalid', {
    what: `The ${noun} is not valid: ${problems.join('; ')}`,
    details: { problems },
    cause: result.error,
  });
}

function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType): string[] {
  const place = issue.path.length > 0 ? `"${issue.path.join('.')}"` : 'the top level';
  if (issue.code !== 'unrecognized_keys') return [`${place}: ${describeProblem(issue)}`];
  const known = knownKeys(schema, issue.path);
  return issue.keys.map((key) => {
    // In a union, a key of one kind is no key of another: it is near to nothing but itself.
    const near = known.includes(key) ? undefined : nearestName(key, known);
    const path = [...issue.path, key].join('.');
    return near === undefined
      ? `"${path}" is not a key here`
      : `"${path}" is not a key here, did you mean "${near}"?`;
  });
}

/** Keys that the schema knows at a path, over all members of a union. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let places = unwrap(schema);
  for (const step of path) {
    places = places.flatMap((place) => {
      if (place instanceof z.ZodObject) return unwrap(place.shape[String(step)] as z.ZodType | undefined);
      if (place instanceof z.ZodArray) return unwrap(place.element as z.ZodType);
      if (place instanceof z.ZodRecord) return unwrap(place.valueType as z.ZodType);
      return [];
    });
  }
  return [
    ...new Set(places.flatMap((place) => (place instanceof z.ZodObject ? Object.keys(place.shape) : []))),
  ];
}

function unwrap(schema: z.ZodType | undefined): z.ZodType[] {
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap(unwrap);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable) {
    return unwrap(schema.unwrap() as z.ZodType);
  }
  if (schema instanceof z.ZodPipe) return unwrap(schema.in as z.ZodType);
  return schema === undefined ? [] : [schema];
}

/** What is wrong with a value; one that is not there is missing, not invalid. */
function describeProblem({ code, message }: z.core.$ZodIssue): string {
  const missing =
    code === 'invalid_type' && /^Invalid input: expected (.+), received undefined$/.exec(message);
  const [, expected] = missing || [];
  return expected === undefined ? lowerFirst(message) : `missing, expected ${expected}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
