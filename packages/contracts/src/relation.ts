import type { ColumnType } from './column-type.ts';

/** What a column is for. `attribute` is read along (to group or slice by) and is neither key nor feature. */
export type ColumnRole = 'entityKey' | 'eventTime' | 'feature' | 'target' | 'attribute';

export interface RelationColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly role: ColumnRole;
  readonly nullable: boolean;
}

/** Load numbers by feature table: "as known at load 17". Empty for a source that keeps no history. */
export type Watermark = Readonly<Record<string, number>>;

/**
 * A read-only query with typed columns: the noun that joins features, datasets, drift and the prediction log.
 * The text is a whole SELECT with $1.. placeholders that yields exactly `columns`, in order. Who writes SQL around it
 * renames the columns by place, `FROM (<sql>) AS live(c0, c1, ...)`: in a relation of predictions, a feature may have the
 * name of the event time or of the prediction, and only its role tells it apart.
 */
export interface Relation {
  /** Names the source in table names and reports, for example the feature table. */
  readonly source: string;
  readonly sql: string;
  readonly parameters: readonly (string | number | boolean | null)[];
  readonly columns: readonly RelationColumn[];
  readonly watermark: Watermark;
}

/** Names of the columns with that role, in relation order. */
export function columnsWithRole(relation: Relation, role: ColumnRole): string[] {
  return relation.columns.filter((column) => column.role === role).map((column) => column.name);
}
