import type { EventWindow } from './feature-source.ts';

/** Whether a row is to be read. @param time microseconds since 1970-01-01 UTC; NaN for a row without one */
export function isInside(time: number, where: EventWindow | undefined): boolean {
  if (where === undefined || Number.isNaN(time)) return true;
  return (where.from === undefined || time >= where.from) && (where.to === undefined || time < where.to);
}
