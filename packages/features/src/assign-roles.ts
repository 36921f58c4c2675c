import { nearestName, SlipwayError, type ColumnRole, type Relation } from '@slipway/contracts';

export interface RoleOptions {
  /** Columns that a model may learn from; the others are attributes. @default all but the row key and the target */
  readonly features?: readonly string[] | undefined;
  /** The column to predict. @default none */
  readonly target?: string | undefined;
}

/**
 * Gives every column that is no row key its role.
 * @throws SlipwayError `schema_mismatch` for a feature or target that the relation lacks, and for a target in the row key
 */
export function assignRoles(relation: Relation, { features, target }: RoleOptions): Relation {
  const keys = relation.columns.filter(({ role }) => isKey(role)).map(({ name }) => name);
  const others = relation.columns.filter(({ role }) => !isKey(role)).map(({ name }) => name);
  const unknown = features?.find((name) => ![...keys, ...others].includes(name));
  if (unknown !== undefined) throw refusal(relation, { role: 'feature', name: unknown, known: others });
  if (target !== undefined && !others.includes(target))
    throw refusal(relation, { role: 'target', name: target, known: others });
  const roleOf = (name: string): ColumnRole =>
    name === target ? 'target' : (features?.includes(name) ?? true) ? 'feature' : 'attribute';
  const columns = relation.columns.map((column) =>
    isKey(column.role) ? column : { ...column, role: roleOf(column.name) },
  );
  return { ...relation, columns };
}

function isKey(role: ColumnRole): boolean {
  return role === 'entityKey' || role === 'eventTime';
}

function refusal(
  { source }: Relation,
  { role, name, known }: { role: 'feature' | 'target'; name: string; known: readonly string[] },
): SlipwayError {
  const near = nearestName(name, known);
  return new SlipwayError('schema_mismatch', {
    what: `The ${role} "${name}" is not among the columns of ${source} that were taken, its row key apart`,
    expected: known.join(', ') || 'none',
    next: near === undefined ? 'Correct it, or add it to the columns' : `Did you mean "${near}"?`,
  });
}
