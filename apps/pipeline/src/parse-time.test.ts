import { describe, expect, it } from 'vitest';
import { parsePort } from './parse-port.ts';
import { parseTime } from './parse-time.ts';

describe('parseTime', () => {
  it('reads a date as its first moment in UTC, and a time in its zone, whatever the zone of this machine', () => {
    expect(parseTime('2011-07-01', '--from')).toBe(1_309_478_400_000_000);
    expect(parseTime('2011-07-01T06:00:00Z', '--from')).toBe(1_309_500_000_000_000);
    expect(parseTime('2011-07-01T06:00:00', '--from')).toBe(1_309_500_000_000_000);
    expect(parseTime('2011-07-01T06:00:00+06:00', '--from')).toBe(1_309_478_400_000_000);
    expect(parseTime(undefined, '--from')).toBeUndefined();
  });

  it.each(['yesterday', '2011', '2011-13-01', '2011-02-30', '', '1309478400'])('refuses "%s"', (text) => {
    expect(() => parseTime(text, '--from')).toThrow(/--from/);
  });
});

describe('parsePort', () => {
  it('reads 0 to 65535', () => {
    expect([parsePort('0', '--port'), parsePort('65535', '--port')]).toEqual([0, 65_535]);
  });

  it.each(['65536', '-1', '80.5', 'http', '', '0x10'])('refuses "%s"', (text) => {
    expect(() => parsePort(text, 'ADMIN_PORT')).toThrow(/^ADMIN_PORT is not a port number/);
  });
});
