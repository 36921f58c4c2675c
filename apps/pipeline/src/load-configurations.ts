import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { nearestName, SlipwayError } from '@slipway/contracts';
import { defineModel, type ModelDefinition, type ModelDefinitionInput } from '@slipway/deployment';
import { defineFeatureTable, type FeatureTable, type FeatureTableInput } from '@slipway/features';
import { describeMissingPackage } from './describe-missing-package.ts';
import { importDefault, type Project } from './find-project.ts';

export interface Configurations {
  readonly models: ReadonlyMap<string, ModelDefinition>;
  readonly featureTables: ReadonlyMap<string, FeatureTable>;
  /** The files that are no configuration. A bad merge must not stand in the way of a rollback. */
  readonly broken: readonly BrokenFile[];
}

/** A file that is no configuration, and what is wrong with it. */
export interface BrokenFile {
  readonly kind: 'model' | 'feature table';
  /** Name of the file in its folder. */
  readonly file: string;
  readonly error: SlipwayError;
}

/**
 * Reads every model and feature-table configuration of a project (.ts, .js or .json), checked. A file that is none is kept
 * as what is wrong with it, and stops only who asks for it or for all.
 * @throws SlipwayError `configuration_not_found` for a missing folder, `configuration_invalid` when two have one name
 */
export async function loadConfigurations(project: Project): Promise<Configurations> {
  const models = await readFolder('model', project.models, (value) =>
    defineModel(value as ModelDefinitionInput),
  );
  const featureTables = await readFolder('feature table', project.featureTables, (value, isJson) =>
    isJson ? defineFeatureTable(value as FeatureTableInput) : checkFeatureTable(value),
  );
  const broken = [...models.broken, ...featureTables.broken];
  return { models: models.found, featureTables: featureTables.found, broken };
}

/** Every model. @throws SlipwayError of the first file that is no configuration */
export function allModels({ models, broken }: Configurations): ModelDefinition[] {
  if (broken[0] !== undefined) throw broken[0].error;
  return [...models.values()];
}

/** Every feature table. @throws SlipwayError of the first file that is no configuration */
export function allFeatureTables({ featureTables, broken }: Configurations): FeatureTable[] {
  if (broken[0] !== undefined) throw broken[0].error;
  return [...featureTables.values()];
}

/**
 * The model of that name.
 * @throws SlipwayError `model_unknown` with the nearest right name, or what is wrong with a file that may have held it
 */
export function getModel({ models, broken }: Configurations, name: string): ModelDefinition {
  const model = models.get(name);
  if (model !== undefined) return model;
  throw findBroken(broken, 'model', name) ?? unknownName('model_unknown', 'model', name, models.keys());
}

/**
 * The feature table of that name.
 * @throws SlipwayError `feature_table_unknown` with the nearest right name, or what is wrong with a file that may have held it
 */
export function getFeatureTable({ featureTables, broken }: Configurations, name: string): FeatureTable {
  const table = featureTables.get(name);
  if (table !== undefined) return table;
  throw (
    findBroken(broken, 'feature table', name) ??
    unknownName('feature_table_unknown', 'feature table', name, featureTables.keys())
  );
}

/** What is wrong with the file of that name, as people name files after tables; otherwise with any that may hold it. */
function findBroken(
  broken: readonly BrokenFile[],
  kind: BrokenFile['kind'],
  name: string,
): SlipwayError | undefined {
  const ofKind = broken.filter((file) => file.kind === kind);
  const named = ofKind.find(
    ({ file }) => parse(file).name.replaceAll('-', '_') === name.replaceAll('-', '_'),
  );
  return (named ?? ofKind[0])?.error;
}

async function readFolder<T extends { readonly name: string }>(
  kind: BrokenFile['kind'],
  folder: string,
  define: (value: unknown, isJson: boolean) => T,
): Promise<{ readonly found: Map<string, T>; readonly broken: readonly BrokenFile[] }> {
  if (!existsSync(folder)) {
    throw new SlipwayError('configuration_not_found', {
      what: 'A folder named in the project configuration does not exist',
      received: folder,
    });
  }
  const found = new Map<string, T>();
  const broken: BrokenFile[] = [];
  const files = (await readdir(folder)).filter(
    (file) => /\.(ts|js|json)$/.test(file) && !/\.(test|d)\.ts$/.test(file),
  );
  for (const file of files.sort()) {
    const definition = await readConfiguration(folder, file)
      .then((value) => define(value, file.endsWith('.json')))
      .catch(asBroken);
    if (SlipwayError.isInstance(definition)) {
      broken.push({ kind, file, error: definition });
      continue;
    }
    if (found.has(definition.name)) {
      throw new SlipwayError('configuration_invalid', {
        what: `Two configurations are named "${definition.name}"`,
        received: file,
      });
    }
    found.set(definition.name, definition);
  }
  return { found, broken };
}

function asBroken(error: unknown): SlipwayError {
  if (SlipwayError.isInstance(error)) return error;
  throw error;
}

/** What a TypeScript file exports has passed `defineFeatureTable`, or is no feature table. */
function checkFeatureTable(value: unknown): FeatureTable {
  const { name, columns, entityKey } = value as Partial<FeatureTable>;
  if (typeof name === 'string' && typeof columns === 'object' && Array.isArray(entityKey)) {
    return value as FeatureTable;
  }
  throw new SlipwayError('configuration_invalid', {
    what: 'A file among the feature tables is none',
    expected: 'export default defineFeatureTable({ ... })',
  });
}

/** @throws SlipwayError `configuration_invalid` naming the file when it does not run or exports nothing */
async function readConfiguration(folder: string, file: string): Promise<unknown> {
  const value = await importDefault(join(folder, file)).catch((cause: unknown) => {
    if (SlipwayError.isInstance(cause)) throw cause;
    const received = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new SlipwayError('configuration_invalid', {
      what: `The configuration ${file} cannot be read`,
      received,
      next: describeMissingPackage(cause),
      cause,
    });
  });
  if (typeof value === 'object' && value !== null) return value;
  throw new SlipwayError('configuration_invalid', {
    what: `The configuration ${file} is not one`,
    expected: 'a default export, made by defineModel or defineFeatureTable',
    received: value === undefined ? 'no default export' : `a default export of type ${typeof value}`,
  });
}

function unknownName(
  code: 'model_unknown' | 'feature_table_unknown',
  noun: string,
  name: string,
  known: Iterable<string>,
): SlipwayError {
  const names = [...known];
  const near = nearestName(name, names);
  return new SlipwayError(code, {
    what: `Unknown ${noun}`,
    expected: names.join(', ') || 'a configuration',
    received: JSON.stringify(name),
    next: near === undefined ? undefined : `Did you mean "${near}"?`,
  });
}
