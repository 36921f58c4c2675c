/** A named group of runs; one per model problem. */
export interface Experiment {
  readonly experimentId: string;
  readonly name: string;
  /** Milliseconds since 1970, UTC. */
  readonly creationTime: number;
  readonly tags: Readonly<Record<string, string>>;
}
