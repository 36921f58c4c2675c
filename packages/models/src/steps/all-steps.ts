import { bin } from './bin.ts';
import { clip } from './clip.ts';
import { cyclic } from './cyclic.ts';
import { dateParts } from './date-parts.ts';
import { drop } from './drop.ts';
import { impute } from './impute.ts';
import { log } from './log.ts';
import { log1p } from './log1p.ts';
import { minMax } from './min-max.ts';
import { oneHot } from './one-hot.ts';
import { ordinal } from './ordinal.ts';
import { product } from './product.ts';
import { ratio } from './ratio.ts';
import { standardise } from './standardise.ts';
import { winsorise } from './winsorise.ts';

/** Every preprocessing step, by the name that configurations call it. */
export const allSteps = {
  bin,
  clip,
  cyclic,
  dateParts,
  drop,
  impute,
  log,
  log1p,
  minMax,
  oneHot,
  ordinal,
  product,
  ratio,
  standardise,
  winsorise,
} as const;

export type StepName = keyof typeof allSteps;
