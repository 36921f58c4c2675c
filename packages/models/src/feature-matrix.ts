/** Preprocessed features: one `Float64Array` per column, finite, all of length `rowCount`. */
export interface FeatureMatrix {
  readonly rowCount: number;
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
}
