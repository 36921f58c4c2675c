import { describe, expect, it } from 'vitest';
import { SlipwayError } from './slipway-error.ts';

describe('SlipwayError', () => {
  it('says what failed, expected, received and the next step', () => {
    const error = new SlipwayError('usage', {
      what: 'Unknown verb',
      expected: 'deploy',
      received: 'deplox',
      next: 'Run "slipway help"',
    });
    expect(error.message).toBe('Unknown verb: expected deploy, received deplox. Run "slipway help".');
    expect(error).toMatchObject({ code: 'usage', isRetryable: false, details: {} });
    expect(error.next).toBe('Run "slipway help".');
  });

  it('is recognised across two installed versions of the package', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('slipway.error')]: true, code: 'usage' });
    expect(SlipwayError.isInstance(foreign)).toBe(true);
    expect(SlipwayError.isInstance(new Error('x'))).toBe(false);
    expect(SlipwayError.isInstance(null)).toBe(false);
  });

  it('keeps its cause', () => {
    const cause = new Error('inner');
    expect(new SlipwayError('unexpected', { what: 'It broke', cause }).cause).toBe(cause);
  });
});
