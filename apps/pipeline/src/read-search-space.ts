import { readFile } from 'node:fs/promises';
import { parseConfiguration, SlipwayError } from '@slipway/contracts';
import { searchSpaceSchema, type SearchSpace } from '@slipway/training';

/**
 * Reads a search space from a JSON file.
 * @throws SlipwayError `usage` for a file that cannot be read or is no JSON; `configuration_invalid` for one that is no space
 */
export async function readSearchSpace(path: string): Promise<SearchSpace> {
  return parseConfiguration(searchSpaceSchema, `search space ${path}`, await readJson(path));
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new SlipwayError('usage', {
      what: `The search space ${path} could not be read`,
      expected: 'a JSON file such as { "estimator.params.maxDepth": [4, 8, 16] }',
      cause: error,
    });
  }
}
