/**
 * A dataset a run read, as MLflow keeps it. Unique per experiment, name and digest: the first write of source,
 * schema and profile wins. One run has a dataset as an input once: use one name per role
 * (`<model>.training`, `<model>.test`), or the second role is dropped.
 */
export interface DatasetInput {
  readonly name: string;
  /** 1 to 36 characters: a sha256 does not fit, so its first 32; the full one belongs in a tag or the profile. */
  readonly digest: string;
  /** Where the data lies, usually a JSON text such as `{"uri":"..."}`. */
  readonly source: string;
  readonly sourceType: string;
  /** JSON text, `{"mlflow_colspec":[...]}` for tables. */
  readonly schema?: string;
  /** JSON text of a flat object; MLflow's pages show it as it is. */
  readonly profile?: string;
  /** `mlflow.data.context` names the role: training, test, ... */
  readonly tags?: Readonly<Record<string, string>>;
}
