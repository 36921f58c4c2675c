import { z } from 'zod';
import { wireInteger, wirePairs } from './wire-values.ts';

export const wireExperimentSchema = z.object({
  experiment_id: z.string(),
  name: z.string(),
  lifecycle_stage: z.string().nullish(),
  creation_time: wireInteger.nullish(),
  tags: wirePairs,
});

export const getExperimentSchema = z.object({ experiment: wireExperimentSchema });
