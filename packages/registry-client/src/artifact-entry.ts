/** A stored file, named by its path from the root of its run or model. */
export interface ArtifactEntry {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}
