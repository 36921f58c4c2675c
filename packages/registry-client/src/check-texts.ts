import { checkKey } from './check-key.ts';
import { checkText } from './check-text.ts';
import { registryLimits } from './registry-limits.ts';
import { registryRejected } from './registry-rejected.ts';

interface TextsRule {
  /** `params` or `tags`: errors name `<field>.key`, `<field>.value` or `<field>`. */
  readonly field: string;
  readonly valueLength: number;
  readonly keyLength?: number;
  /** @default 100 */
  readonly count?: number;
}

/** Checks the keys, values and number of params or tags. @throws SlipwayError `registry_rejected` */
export function checkTexts(texts: unknown, rule: TextsRule): void {
  const { field, valueLength, keyLength = registryLimits.keyLength, count = registryLimits.batchTags } = rule;
  if (texts === undefined) return;
  if (typeof texts !== 'object' || texts === null || Array.isArray(texts)) {
    throw registryRejected({ field, reason: 'type', what: `${field} is not an object of texts` });
  }
  const entries = Object.entries(texts);
  if (entries.length > count) {
    const facts = { expected: `at most ${count}`, received: `${entries.length}` };
    throw registryRejected({ field, reason: 'too_many', what: `${field} has too many entries`, ...facts });
  }
  for (const [key, value] of entries) {
    checkKey(key, `${field}.key`, keyLength);
    checkText(value, { field: `${field}.value`, maximum: valueLength });
  }
}
