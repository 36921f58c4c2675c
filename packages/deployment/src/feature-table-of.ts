import { nearestName, SlipwayError } from '@slipway/contracts';
import type { FeatureTable } from '@slipway/features';
import type { DeploymentContext } from './deployment-context.ts';
import type { ModelDefinition } from './model-definition.ts';

/**
 * The feature table of a model, after checking that it has every column the model names.
 * @throws SlipwayError `feature_table_unknown`; `configuration_invalid` for a column it lacks, with the nearest right one
 */
export function featureTableOf(context: DeploymentContext, model: ModelDefinition): FeatureTable {
  const table = context.featureTables.get(model.featureTable);
  if (table === undefined) {
    throw new SlipwayError('feature_table_unknown', {
      what: `Model ${model.name} names a feature table that has no configuration`,
      expected: [...context.featureTables.keys()].join(', ') || 'a feature table configuration',
      received: model.featureTable,
      details: { featureTable: model.featureTable },
    });
  }
  const problems = Object.entries(namedColumns(model)).flatMap(([place, names]) =>
    names.filter((name) => !(name in table.columns)).map((name) => describeMissing(place, name, table)),
  );
  if (table.columns[model.target]?.type === 'string') problems.push('"target": a text cannot be predicted');
  if (problems.length === 0) return table;
  throw new SlipwayError('configuration_invalid', {
    what: `Model ${model.name} does not fit its feature table ${table.name}: ${problems.join('; ')}`,
    details: { problems },
  });
}

/** Columns that a configuration names, by the key they stand under. */
function namedColumns({ target, features, split, gate }: ModelDefinition): Record<string, readonly string[]> {
  return {
    target: [target],
    features,
    'split.by': split.kind === 'group' ? [split.by] : [],
    'gate.blocks': gate.blocks === undefined ? [] : [gate.blocks],
  };
}

function describeMissing(place: string, name: string, { columns }: FeatureTable): string {
  const near = nearestName(name, Object.keys(columns));
  return `"${place}": there is no column "${name}"${near === undefined ? '' : `, did you mean "${near}"?`}`;
}
