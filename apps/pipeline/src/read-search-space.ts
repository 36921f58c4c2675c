import { readFile } from 'node:fs/promises';
import { parseConfiguration, SlipwayError } from '@slipway/contracts';
import { searchSpaceSchema, type SearchSpace } from '@slipway/training';

/**
 * Reads a search space from a JSON file.
 * @throws SlipwayError `file_not_found`; `configuration_invalid` for a file that is no JSON or no space
 */
export async function readSearchSpace(path: string): Promise<SearchSpace> {
  return parseConfiguration(searchSpaceSchema, `search space ${path}`, parseJson(path, await readText(path)));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SlipwayError('file_not_found', {
      what: `The search space ${path} could not be read`,
      cause: error,
    });
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SlipwayError('configuration_invalid', {
      what: `The search space ${path} is no JSON`,
      expected: 'such as { "estimator.params.maxDepth": [4, 8, 16] }',
      cause: error,
    });
  }
}
