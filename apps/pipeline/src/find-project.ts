import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseConfiguration, SlipwayError } from '@slipway/contracts';
import { z } from 'zod';
import { describeMissingPackage } from './describe-missing-package.ts';

const projectSchema = z.strictObject({ models: z.string(), featureTables: z.string() });

/** A central repository: where its configurations lie, and where its state does. Paths are absolute. */
export interface Project {
  readonly root: string;
  readonly models: string;
  readonly featureTables: string;
  /** `.slipway/`: the embedded database, reports, caches. The only folder Slipway writes to. */
  readonly state: string;
}

/**
 * Finds `slipway.config.ts` (or .js, .json) in the folder or the nearest above it, or reads the file named.
 * @throws SlipwayError `configuration_not_found`, `configuration_invalid`
 */
export async function findProject(folder: string, file?: string): Promise<Project> {
  const path = file === undefined ? searchUpward(folder) : resolve(folder, file);
  if (path === undefined || !existsSync(path)) {
    throw new SlipwayError('configuration_not_found', {
      what: 'No project configuration',
      expected:
        file === undefined ? 'slipway.config.ts here or in a folder above' : 'the file named with --config',
      next: 'Change to the project, or name the file with --config',
    });
  }
  const content = await importDefault(path).catch((cause: unknown) => {
    throw new SlipwayError('configuration_invalid', {
      what: 'The project configuration cannot be read',
      received: cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause),
      next: describeMissingPackage(cause),
      cause,
    });
  });
  const project = parseConfiguration(projectSchema, 'project configuration', content);
  const root = dirname(path);
  return {
    root,
    models: resolve(root, project.models),
    featureTables: resolve(root, project.featureTables),
    state: join(root, '.slipway'),
  };
}

/** The default export of a module, or the content of a JSON file. */
export async function importDefault(path: string): Promise<unknown> {
  const attributes = path.endsWith('.json') ? { with: { type: 'json' } } : {};
  const module = (await import(pathToFileURL(path).href, attributes)) as { default?: unknown };
  return module.default;
}

function searchUpward(folder: string): string | undefined {
  for (const name of ['slipway.config.ts', 'slipway.config.js', 'slipway.config.json']) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
  }
  const above = dirname(folder);
  return above === folder ? undefined : searchUpward(above);
}
