/** A name under which versions are numbered and aliases point. */
export interface RegisteredModel {
  readonly name: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Alias to version number. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Milliseconds since 1970, UTC. */
  readonly creationTime: number;
}
