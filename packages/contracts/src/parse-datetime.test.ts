import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDatetime } from './parse-datetime.ts';

describe('parseDatetime', () => {
  // Values of Python 3.11: (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=utc)) // timedelta(microseconds=1)
  it.each([
    ['2011-07-01', 1_309_478_400_000_000],
    ['2011-07-01T05:00:00.123456Z', 1_309_496_400_123_456],
    ['2011-07-01 05:00', 1_309_496_400_000_000],
    ['2011-07-01T06:00:00+06:00', 1_309_478_400_000_000],
    ['2012-02-29T23:59:59.9-0330', 1_330_572_599_900_000],
    ['1969-12-31T23:59:59.999999Z', -1],
    ['1900-01-01T00:00:00.000001Z', -2_208_988_799_999_999],
    ['1684-07-28T12:00:00', -9_007_156_800_000_000],
    ['2255-06-05T12:00:00', 9_007_156_800_000_000],
  ])('reads %s', (text, microseconds) => {
    expect(parseDatetime(text)).toBe(microseconds);
  });

  it('agrees with the text that Date writes, to the millisecond', () => {
    const noInvalidDate = true;
    const [min, max] = [new Date('1700-01-01Z'), new Date('2250-01-01Z')];
    fc.assert(
      fc.property(fc.date({ min, max, noInvalidDate }), (date) => {
        expect(parseDatetime(date.toISOString())).toBe(date.getTime() * 1000);
      }),
    );
  });

  it.each([
    ['7', 'a number is no date'],
    ['2011', 'a year alone'],
    ['', 'nothing'],
    ['yesterday', 'a word'],
    ['1309478400', 'seconds'],
    [' 2011-07-01', 'a space before it'],
    ['2011-07-01T', 'a time without digits'],
    ['2011-07-01T06', 'an hour alone'],
    ['2011-02-30', 'no day of the calendar'],
    ['2011-02-29', 'no leap year'],
    ['2100-02-29', 'no leap year'],
    ['2011-13-01', 'month 13'],
    ['2011-00-01', 'month 0'],
    ['2011-01-00', 'day 0'],
    ['2011-07-01T24:00', 'hour 24'],
    ['2011-07-01T06:60', 'minute 60'],
    ['2016-12-31T23:59:60Z', 'a leap second'],
    ['2011-07-01T06:00:00.1234567Z', 'seven fraction digits'],
    ['2011-07-01T06:00:00.Z', 'no fraction digits'],
    ['2011-07-01T06:00:00+24:00', 'offset of 24 hours'],
    ['2011-07-01T06:00:00+6', 'half an offset'],
    ['2011-07-01Z', 'a date with a zone'],
    ['+002011-07-01', 'a signed year'],
    ['-100000-01-01T00:00:00Z', 'a year before Christ'],
    ['0050-01-01', 'a year that microseconds cannot reach'],
    ['2255-06-06', 'the day after the last'],
  ])('refuses "%s": %s', (text) => {
    const act = (): number => parseDatetime(text);
    expect(act).toThrowError(expect.objectContaining({ code: 'value_unsupported' }));
    if (text.length > 2) expect(act).not.toThrowError(text);
  });
});
