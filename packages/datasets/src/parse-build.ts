import { parseConfiguration, type Relation } from '@slipway/contracts';
import { checkColumnNames } from './check-column-names.ts';
import { relationSchema } from './dataset-recipe.ts';
import { splitSchema, type Split } from './split-schema.ts';

/**
 * A relation and a split as the recipe of a dataset keeps them, defaults filled in. What could not be read from the catalogue
 * again is refused before anything is stored: one recipe that is not valid hides every other dataset.
 * @throws SlipwayError `configuration_invalid` naming every problem
 */
export function parseBuild(given: { readonly relation: Relation; readonly split: Split }): {
  readonly relation: Relation;
  readonly split: Split;
} {
  const relation = parseConfiguration(relationSchema, 'relation of a dataset', given.relation);
  const split = parseConfiguration(splitSchema, `split of ${relation.source}`, given.split);
  const next = 'Rename them in the SQL of the relation, or take a shorter prefix for a joined table';
  checkColumnNames(relation.source, relation.columns, next);
  return { relation, split };
}
