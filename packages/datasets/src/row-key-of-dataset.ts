import { columnsWithRole, type DatasetRef } from '@slipway/contracts';
import { isSplitRecipe } from './dataset-recipe.ts';
import type { CataloguedDataset } from './list-datasets.ts';

/** Columns that name a row: the relation's row key, or every column of predictions but the numbers themselves. */
export function rowKeyOfDataset({ ref, recipe }: Pick<CataloguedDataset, 'ref' | 'recipe'>): string[] {
  if (isSplitRecipe(recipe))
    return [
      ...columnsWithRole(recipe.relation, 'entityKey'),
      ...columnsWithRole(recipe.relation, 'eventTime'),
    ];
  return namesOf(ref).filter((name) => name !== 'observed' && name !== 'predicted');
}

function namesOf({ columns }: DatasetRef): string[] {
  return columns.map(({ name }) => name);
}
