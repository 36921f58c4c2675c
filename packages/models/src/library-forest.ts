/** A node of ml-cart: a leaf lacks a child and predicts `distribution`. */
export interface LibraryNode {
  readonly splitColumn?: number;
  readonly splitValue?: number;
  readonly distribution?: number;
  readonly left?: LibraryNode;
  readonly right?: LibraryNode;
}

/** What `RandomForestRegression.load` of ml-random-forest 2 reads and its `toJSON` writes, as far as predictions go. */
export interface LibraryForest {
  readonly name: 'RFRegression';
  readonly selectionMethod: 'mean' | 'median';
  readonly baseModel: {
    readonly isClassifier: false;
    readonly nEstimators: number;
    /** Columns of each tree: `splitColumn` is a place in them. */
    readonly indexes: readonly (readonly number[])[];
    readonly estimators: readonly {
      readonly name: 'DTRegression';
      readonly options: object;
      readonly root: LibraryNode;
    }[];
  };
}
