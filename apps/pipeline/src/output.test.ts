import { describe, expect, it } from 'vitest';
import { createOutput } from './output.ts';
import { formatNumber, formatTable } from './table.ts';

function stream(isTTY: boolean): { isTTY: boolean; text: string; write(text: string): void } {
  return {
    isTTY,
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

describe('output', () => {
  it('is plain lines without progress when it is no terminal', () => {
    const [stdout, stderr] = [stream(false), stream(false)];
    const output = createOutput({ stdout, stderr, json: false, color: true });
    output.progress('half');
    output.line(output.paint('green', 'done'));
    output.document({ a: 1 });
    expect([stdout.text, stderr.text]).toEqual(['done\n', '']);
  });

  it('with --json is one document on stdout and text on stderr', () => {
    const [stdout, stderr] = [stream(false), stream(false)];
    const output = createOutput({ stdout, stderr, json: true, color: true });
    output.line('working');
    output.document({ a: 1 });
    expect(JSON.parse(stdout.text)).toEqual({ a: 1 });
    expect(stderr.text).toBe('working\n');
  });

  it('on a terminal replaces progress by the next line, in colour unless told not to', () => {
    const stdout = stream(true);
    createOutput({ stdout, stderr: stream(true), json: false, color: true }).progress('half');
    expect(stdout.text).toBe('half');
    const plain = createOutput({ stdout, stderr: stream(true), json: false, color: false });
    expect(plain.paint('red', 'x')).toBe('x');
    const coloured = createOutput({ stdout, stderr: stream(true), json: false, color: true });
    coloured.progress('half');
    coloured.line(coloured.paint('green', 'done'));
    expect(stdout.text).toContain('\r\u001b[2K\u001b[32mdone\u001b[0m\n');
  });
});

describe('tables', () => {
  it('line numbers up to the right and text to the left', () => {
    const rows = [
      ['name', 'rows'],
      ['a', '12'],
      ['long', '3'],
    ];
    expect(formatTable(rows)).toEqual(['  name  rows', '  a       12', '  long     3']);
  });

  it('show four significant digits', () => {
    expect([0.123456, 12.34567, 123456.7, 1e-9, 5].map(formatNumber)).toEqual([
      '0.1235',
      '12.35',
      '123457',
      '1e-9',
      '5',
    ]);
    expect(formatNumber(null)).toBe('-');
  });
});
