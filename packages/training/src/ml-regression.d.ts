/** The part of ml-regression 6 that we use; the package carries no types. */
declare module 'ml-regression' {
  export class MultivariateLinearRegression {
    constructor(
      rows: readonly (readonly number[])[],
      observed: readonly (readonly number[])[],
      options: { readonly intercept: boolean; readonly statistics: boolean },
    );
    /** One row per column, the intercept last; one column per target. */
    readonly weights: readonly (readonly number[])[];
  }
}
