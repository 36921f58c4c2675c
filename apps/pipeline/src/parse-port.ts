import { SlipwayError } from '@slipway/contracts';

/**
 * A port number; 0 lets the system choose.
 * @param name the option or variable that says it, for the message
 * @throws SlipwayError `usage`
 */
export function parsePort(text: string, name: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new SlipwayError('usage', {
    what: `${name} is not a port number`,
    expected: 'an integer from 0 to 65535',
  });
}
