import type { Relation, RelationColumn } from '@slipway/contracts';
import { unfitRelation } from './unfit-relation.ts';

/** Entity key and event time: what makes a row of the relation unique. @throws SlipwayError `configuration_invalid` */
export function rowKeyOf(relation: Relation): string[] {
  return rowKeyColumns(relation).map(({ name }) => name);
}

/** The columns of {@link rowKeyOf} with their types. @throws SlipwayError `configuration_invalid` */
export function rowKeyColumns(relation: Relation): RelationColumn[] {
  const ofRole = (role: RelationColumn['role']): RelationColumn[] =>
    relation.columns.filter((column) => column.role === role);
  const key = [...ofRole('entityKey'), ...ofRole('eventTime')];
  if (key.length === 0) throw unfitRelation('a dataset needs an entity key or an event time', relation);
  return key;
}
