import { SlipwayError } from '@slipway/contracts';

/** A whole number of an option, or undefined when it was left out. @throws SlipwayError `usage` */
export function parseCount(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new SlipwayError('usage', {
    what: `${option} was not understood`,
    expected: 'a whole number from 0 to 999999',
    received: JSON.stringify(text),
  });
}
