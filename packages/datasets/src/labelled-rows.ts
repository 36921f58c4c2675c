import { columnsWithRole, type Relation } from '@slipway/contracts';
import { inlineParameters, postgresTypes, quoteIdentifier } from '@slipway/database';

/**
 * A SELECT of a relation's rows in canonical types, without those whose target is NULL. Casts are exact but for numbers of
 * more digits than a double has; a time without a zone is UTC, as the session is.
 */
export function labelledRows(relation: Relation): string {
  const cells = relation.columns.map(
    ({ name, type }) => `${quoteIdentifier(name)}::${postgresTypes[type]} AS ${quoteIdentifier(name)}`,
  );
  const labelled = columnsWithRole(relation, 'target').map((name) => `${quoteIdentifier(name)} IS NOT NULL`);
  const rows = inlineParameters(relation.sql, relation.parameters);
  const where = labelled.length === 0 ? '' : ` WHERE ${labelled.join(' AND ')}`;
  return `SELECT ${cells.join(', ')} FROM (${rows}\n) AS relation${where}`;
}
