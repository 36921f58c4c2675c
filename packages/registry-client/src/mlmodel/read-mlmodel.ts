import { parse } from 'yaml';
import { z } from 'zod';

const flavorSchema = z.union([z.record(z.string(), z.unknown()), z.null(), z.string()]);

const schema = z.object({
  flavors: z.record(z.string(), flavorSchema).catch({}),
  model_uuid: z.string().optional().catch(undefined),
  utc_time_created: z.string().optional().catch(undefined),
});

/** What a program needs to know of an `MLmodel` file to list the model; each part is left out where the file lacks it. */
export interface Mlmodel {
  /** Settings by flavor. */
  readonly flavors: z.output<typeof schema>['flavors'];
  readonly uuid: string | undefined;
  /** As MLflow writes it: `2026-11-23 09:00:00.000000`. */
  readonly createdAt: string | undefined;
}

/** Reads the text of an `MLmodel` file, which is YAML 1.1 as PyYAML writes it. A text that is none has no flavors. */
export function readMlmodel(text: string): Mlmodel {
  const { flavors, model_uuid, utc_time_created } = schema.parse(parseMap(text));
  return { flavors, uuid: model_uuid, createdAt: utc_time_created };
}

function parseMap(text: string): object {
  try {
    const content: unknown = parse(text, { version: '1.1', logLevel: 'error' });
    return typeof content === 'object' && content !== null && !Array.isArray(content) ? content : {};
  } catch {
    return {};
  }
}
