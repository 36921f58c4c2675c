import { defineFeatureTable } from '@slipway/features';
import { expect, it } from 'vitest';
import { parseEventWindow } from './parse-event-window.ts';

const visits = defineFeatureTable({
  name: 'visits',
  owner: 'shops',
  entityKey: ['store'],
  eventTime: 'at',
  columns: { store: { type: 'long' }, at: { type: 'datetime' } },
});

it('reads both ends, each of which may be open', () => {
  expect(parseEventWindow(visits, { from: '1970-01-02', to: undefined })).toEqual({
    from: 864e8,
    to: undefined,
  });
  expect(parseEventWindow(visits, {})).toEqual({ from: undefined, to: undefined });
  expect(() => parseEventWindow(visits, { to: 'soon' })).toThrow(/--to is not a time/);
});

it('refuses a window of a table without an event time', () => {
  const timeless = { ...visits, eventTime: undefined };
  expect(() => parseEventWindow(timeless, { to: '2026-01-01' })).toThrow(
    /visits has no event time\. Leave out --from and --to/,
  );
  expect(parseEventWindow(timeless, {})).toEqual({ from: undefined, to: undefined });
});

it('refuses a window without any time: its end is not part of it', () => {
  for (const to of ['2026-01-01', '2026-01-02'])
    expect(() => parseEventWindow(visits, { from: '2026-01-02', to })).toThrow(/--from earlier than --to/);
  expect(parseEventWindow(visits, { from: '1970-01-01', to: '1970-01-02' })).toEqual({ from: 0, to: 864e8 });
});
