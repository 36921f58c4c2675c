import { SlipwayError, type Relation } from '@slipway/contracts';

/** The error for a relation that lacks what a split or a row key needs. */
export function unfitRelation(what: string, { source, columns }: Relation): SlipwayError {
  return new SlipwayError('configuration_invalid', {
    what: `The relation ${source} does not fit: ${what}`,
    received: `columns ${columns.map(({ name, role }) => `${name} (${role})`).join(', ')}`,
    next: 'Correct the split, or the columns of the relation and their roles',
  });
}
