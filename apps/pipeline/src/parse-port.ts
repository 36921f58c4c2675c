import { SlipwayError } from '@slipway/contracts';

/** A port number from the command line; 0 lets the system choose. @throws SlipwayError `usage` */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new SlipwayError('usage', {
    what: '--port is not a port number',
    expected: 'an integer from 0 to 65535',
  });
}
