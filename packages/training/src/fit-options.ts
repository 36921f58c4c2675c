export interface FitProgress {
  readonly done: number;
  readonly total: number;
}

/** How a model is fitted; none of it changes the model. */
export interface FitOptions {
  /** Called after each tree of a forest, and never after the fit has ended. What it throws ends the fit. */
  readonly onProgress?: ((progress: FitProgress) => void) | undefined;
  /**
   * Ends the fit with `aborted`: between trees, and between the draws of a robust polynomial. Other families take too little
   * time to be asked in the middle.
   */
  readonly signal?: AbortSignal | undefined;
  /** Worker threads that grow trees. The result is the same with any number. @default 1 no thread besides this one */
  readonly workers?: number | undefined;
  /** Memory that there is. A forest that would take more is refused before it begins. @default no limit */
  readonly memoryBytes?: number | undefined;
}
