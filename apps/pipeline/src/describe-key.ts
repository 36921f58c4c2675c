import type { FeatureTable } from '@slipway/features';
import type { Key } from './parse-key.ts';

/** A key as it was read, as JSON, so that spaces and types show; times in UTC to the microsecond. */
export function describeKey({ columns }: FeatureTable, key: Key): string {
  const cells = Object.entries(key).map(([name, value]) => {
    const isTime = columns[name]?.type === 'datetime' && typeof value === 'number';
    return [name, isTime ? describeTime(value) : value] as const;
  });
  return JSON.stringify(Object.fromEntries(cells));
}

function describeTime(microseconds: number): string {
  const milliseconds = Math.floor(microseconds / 1000);
  const rest = String(microseconds - milliseconds * 1000).padStart(3, '0');
  return new Date(milliseconds).toISOString().replace('Z', `${rest}Z`);
}
