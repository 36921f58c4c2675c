import { z } from 'zod';
import type { RegisteredModel } from '../../registered-model.ts';
import { wireInteger, wireList, wirePairs, wireText } from './wire-values.ts';

const aliasSchema = z.object({
  alias: z.string(),
  version: z.union([z.string(), z.number()]).transform(String),
});

export const getRegisteredModelSchema = z.object({
  registered_model: z
    .object({
      name: z.string(),
      description: wireText,
      tags: wirePairs,
      aliases: wireList(aliasSchema),
      creation_timestamp: wireInteger.nullish(),
    })
    .transform(({ name, description, tags, aliases, creation_timestamp: creationTime }): RegisteredModel => ({
      name,
      description,
      tags,
      aliases: Object.fromEntries(aliases.map(({ alias, version }) => [alias, version])),
      creationTime: creationTime ?? 0,
    })),
});
