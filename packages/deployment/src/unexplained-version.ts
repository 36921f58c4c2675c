import type { AliasMove } from '@slipway/contracts';

/** A version without a lineage: made by somebody else, or its run is gone. What the version itself has is all there is. */
export interface UnexplainedVersion {
  readonly model: string;
  readonly registeredName: string;
  readonly version: string;
  readonly aliases: readonly string[];
  /** The run it names, whether or not there is one. */
  readonly runId: string | null;
  /** Why there is no lineage, as a sentence. */
  readonly reason: string;
  /** What is written with the version; the verdict, when a deployment registered it. */
  readonly description: string;
  readonly artifactDigest: string | null;
  readonly moves: readonly AliasMove[];
}
