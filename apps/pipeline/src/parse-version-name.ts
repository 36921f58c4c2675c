import { SlipwayError } from '@slipway/contracts';

/** Reads `<model>@<alias>` or `<model>@<number>`; without an @ it is what serves. @throws SlipwayError `usage` */
export function parseVersionName(text = ''): { readonly model: string; readonly selector: string } {
  const [model = '', selector = 'production', ...rest] = text.split('@');
  if (rest.length === 0 && selector !== '') return { model, selector };
  throw new SlipwayError('usage', {
    what: 'The version was not understood',
    expected: '<model>@production or <model>@2',
  });
}
