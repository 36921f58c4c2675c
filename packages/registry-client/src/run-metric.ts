/** One measured value of a run, and of a logged model when `modelId` is given. */
export interface RunMetric {
  readonly key: string;
  /** Any finite number; NaN is kept on a run and refused with `modelId`, infinities are refused. */
  readonly value: number;
  /** Milliseconds since 1970, UTC. */
  readonly timestamp: number;
  readonly step: number;
  /**
   * Ties the value to a logged model. Its key there is (model, metric, timestamp, step, run), WITHOUT the dataset:
   * give each dataset its own timestamp, the test set the newest.
   */
  readonly modelId?: string;
  /** Only with `modelId` and `datasetDigest`. */
  readonly datasetName?: string;
  readonly datasetDigest?: string;
}
