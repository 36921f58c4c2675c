import type { ColumnBatch } from '@slipway/contracts';
import type { z } from 'zod';
import type { ColumnOperation } from './number-operation.ts';

/** What a fitted step does to a batch, ready to be called many times. */
export type ApplyStep = (batch: ColumnBatch) => ColumnBatch;

/** One preprocessing step: how it is configured, what it learns from training rows, and what it does to any rows. */
export interface StepKind<Config extends z.ZodType, Fitted extends z.ZodType> {
  /** Slice of a model configuration. */
  readonly config: Config;
  /** What is stored in the artifact: data, never code. */
  readonly fitted: Fitted;
  /** Raised when the step gives other numbers for the same input. */
  readonly fitVersion: number;
  readonly fit: (step: z.output<Config>, batch: ColumnBatch) => z.output<Fitted>;
  readonly compile: (step: z.output<Fitted>) => ApplyStep;
  /** For a step that changes numbers one by one: which columns, and how. */
  readonly operations?: (step: z.output<Fitted>) => readonly ColumnOperation[];
}

/** Checks the parts of a step against each other. */
export function defineStep<Config extends z.ZodType, Fitted extends z.ZodType>(
  kind: StepKind<Config, Fitted>,
): StepKind<Config, Fitted> {
  return kind;
}
