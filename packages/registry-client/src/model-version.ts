/** A numbered version of a registered model. */
export interface ModelVersion {
  readonly name: string;
  /** A whole number from 1 in decimal digits; a text, as in MLflow. */
  readonly version: string;
  readonly runId: string | null;
  readonly modelId: string | null;
  /** Where the files lie, such as `models:/m-...`. */
  readonly source: string;
  /** The aliases that point here, sorted. */
  readonly aliases: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly description: string;
  /** Milliseconds since 1970, UTC. */
  readonly creationTime: number;
}
