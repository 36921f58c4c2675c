import { describe, expect, it } from 'vitest';
import { bytesField, integerField, integersField, messageField } from './encode-protobuf.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Expected bytes: the examples of https://protobuf.dev/programming-guides/encoding/ */
describe('the wire format', () => {
  it('is that of the documentation', () => {
    expect(hex(integerField(1, 150))).toBe('089601');
    expect(hex(bytesField(2, 'testing'))).toBe('120774657374696e67');
    expect(hex(messageField(3, [integerField(1, 150)]))).toBe('1a03089601');
    expect(hex(integersField(6, [3, 270, 86942]))).toBe('3206038e029ea705');
  });

  it('takes whole numbers to 2^53', () => {
    expect(hex(integerField(1, 0))).toBe('0800');
    expect(hex(integerField(1, 2 ** 53))).toBe(`08${'80'.repeat(7)}10`);
  });
});
