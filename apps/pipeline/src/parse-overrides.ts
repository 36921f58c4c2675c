import { SlipwayError } from '@slipway/contracts';
import type { Overrides } from '@slipway/training';

const form = '--set <path>=<value>, such as estimator.params.maxDepth=12, or a JSON object of several';

/**
 * Reads what a trial is to change: `estimator.params.maxDepth=12`, with the value as JSON or as plain text, or a JSON object
 * of values by path.
 * @throws SlipwayError `usage`
 */
export function parseOverrides(text: string | undefined): Overrides {
  if (text?.startsWith('{') === true) {
    const overrides = parseJson(text);
    if (overrides !== undefined && Object.keys(overrides as object).length > 0) return overrides as Overrides;
  }
  const [, path, value] = /^([^=\s{]+)=(.+)$/s.exec(text ?? '') ?? [];
  if (path !== undefined && value !== undefined) {
    const json = parseJson(value);
    return { [path]: json === undefined ? value : json };
  }
  throw new SlipwayError('usage', {
    what: text === undefined ? 'No change was given' : '--set was not understood',
    expected: form,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
