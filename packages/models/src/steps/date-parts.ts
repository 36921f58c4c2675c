import { SlipwayError, type Column, type NumericColumn } from '@slipway/contracts';
import { z } from 'zod';
import { columnNames } from './column-names.ts';
import { numericColumn, replaceColumns } from './replace-columns.ts';
import { defineStep } from './step-kind.ts';

/** Parts of a UTC time. Weekdays count from Monday, 0; months and days from 1. */
export const datePartNames = [
  'year',
  'month',
  'dayOfMonth',
  'dayOfYear',
  'weekday',
  'hour',
  'minute',
] as const;
export type DatePart = (typeof datePartNames)[number];

const parts = z.array(z.enum(datePartNames)).min(1);

/** A time to some of its parts, each a column `<column>_<part>`; the time itself goes. */
export const dateParts = defineStep({
  config: z.strictObject({ step: z.literal('dateParts'), columns: columnNames, parts }),
  fitted: z.strictObject({ step: z.literal('dateParts'), columns: z.array(z.string()), parts }),
  fitVersion: 1,
  fit: (step) => step,
  compile: ({ columns, parts }) =>
    replaceColumns(columns, (column) => {
      const { name, values } = timeColumn(column);
      return parts.map((part) => ({
        name: `${name}_${part}`,
        type: 'double',
        values: values.map((time) => (Number.isNaN(time) ? NaN : datePartOf(part, time))),
      }));
    }),
});

function timeColumn(column: Column): NumericColumn {
  if (column.type === 'datetime') return numericColumn(column);
  throw new SlipwayError('schema_mismatch', {
    what: `Column "${column.name}" has no date parts`,
    expected: 'a column of type datetime',
    received: column.type,
  });
}

const day = 86_400_000_000;
const hour = 3_600_000_000;
const minute = 60_000_000;

/** @param time microseconds since 1970-01-01 UTC, a whole number within +-2^53 */
export function datePartOf(part: DatePart, time: number): number {
  const ofDay = remainder(time, day);
  const days = (time - ofDay) / day;
  switch (part) {
    case 'hour':
      return Math.floor(ofDay / hour);
    case 'minute':
      return Math.floor(remainder(ofDay, hour) / minute);
    case 'weekday':
      // 1970-01-01 was a Thursday.
      return remainder(days + 3, 7);
    default:
      return calendarOf(days)[part];
  }
}

type Calendar = Readonly<Record<'year' | 'month' | 'dayOfMonth' | 'dayOfYear', number>>;

/**
 * The proleptic Gregorian date of a day, counted in years that begin in March, so that the leap day is the last.
 * Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
 */
function calendarOf(days: number): Calendar {
  const shifted = days + 719_468;
  const ofEra = remainder(shifted, 146_097);
  const era = (shifted - ofEra) / 146_097;
  const yearOfEra = quotient(
    ofEra - quotient(ofEra, 1_460) + quotient(ofEra, 36_524) - quotient(ofEra, 146_096),
    365,
  );
  const ofYear = ofEra - (365 * yearOfEra + quotient(yearOfEra, 4) - quotient(yearOfEra, 100));
  const monthFromMarch = quotient(5 * ofYear + 2, 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return {
    year,
    month,
    dayOfMonth: ofYear - quotient(153 * monthFromMarch + 2, 5) + 1,
    dayOfYear: month <= 2 ? ofYear - 305 : ofYear + 60 + (isLeap(year) ? 1 : 0),
  };
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Never negative. */
function remainder(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

/** Of numbers that are not negative, rounded down. */
function quotient(value: number, divisor: number): number {
  return Math.floor(value / divisor);
}
