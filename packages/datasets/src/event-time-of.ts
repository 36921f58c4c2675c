import { columnsWithRole, type Relation } from '@slipway/contracts';
import { unfitRelation } from './unfit-relation.ts';

/** The column a split by time goes by. @throws SlipwayError `configuration_invalid` */
export function eventTimeOf(relation: Relation): string {
  const [eventTime] = columnsWithRole(relation, 'eventTime');
  if (eventTime === undefined) throw unfitRelation('a split by time needs an event time', relation);
  return eventTime;
}
