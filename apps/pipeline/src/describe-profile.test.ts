import type { LoadProfile } from '@slipway/features';
import { expect, it } from 'vitest';
import { describeProfile } from './describe-profile.ts';

it('lists columns in the order of the definition, and the first of many new texts', () => {
  const days = Array.from({ length: 20 }, (_, day) => `2011-07-${String(day + 1).padStart(2, '0')}`);
  const number = { nulls: 0, min: 1, max: 9, categories: null, newCategories: { count: 0, sample: [] } };
  const date = { nulls: 0, min: null, max: null, categories: 92, newCategories: { count: 92, sample: days } };
  const profile: LoadProfile = { formatVersion: 1, rows: 2, columns: { hour: number, started: date } };
  const lines = describeProfile(profile, { names: ['started', 'hour'], before: undefined });
  expect(lines.map((line) => line.trim().split(/ {2,}/)[0])).toEqual(['column', 'started', 'hour']);
  expect(lines[1]).toMatch(/ 2011-07-01, 2011-07-02, 2011-07-03, 2011-07-04, 2011-07-05 and 87 more$/);
});
