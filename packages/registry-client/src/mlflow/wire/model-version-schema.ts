import { z } from 'zod';
import type { ModelVersion } from '../../model-version.ts';
import { modelIdOfSource } from '../model-id-of-source.ts';
import { wireInteger, wireList, wirePairs, wireText } from './wire-values.ts';

/** Texts in the open-source server, objects in Unity Catalog. */
const aliasSchema = z.union([z.string(), z.object({ alias: z.string() }).transform(({ alias }) => alias)]);

export const wireModelVersionSchema = z
  .object({
    name: z.string(),
    version: z.union([z.string(), z.number()]).transform(String),
    run_id: z.string().nullish(),
    model_id: z.string().nullish(),
    source: wireText,
    description: wireText,
    creation_timestamp: wireInteger.nullish(),
    aliases: wireList(aliasSchema),
    tags: wirePairs,
  })
  .transform((wire): ModelVersion => {
    const runId = wire.run_id || null;
    return {
      name: wire.name,
      version: wire.version,
      runId,
      // The open-source server takes a model_id and does not keep it.
      modelId: wire.model_id || modelIdOfSource(wire.source, runId),
      source: wire.source,
      aliases: [...wire.aliases].sort(),
      tags: wire.tags,
      description: wire.description,
      creationTime: wire.creation_timestamp ?? 0,
    };
  });

export const getModelVersionSchema = z.object({ model_version: wireModelVersionSchema });
