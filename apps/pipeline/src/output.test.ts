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

  it('has notes on stderr, with control characters written out, after progress that is cleared', () => {
    const [stdout, stderr] = [stream(true), stream(true)];
    const output = createOutput({ stdout, stderr, json: false, color: true });
    output.progress('half');
    output.note('waiting\u001b[2J');
    expect([stdout.text, stderr.text]).toEqual(['half\r\u001b[2K', 'waiting\\x1b[2J\n']);
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

describe('control characters of users and servers', () => {
  const [escape, c1] = ['\u001b', '\u009b'];

  it('reach no terminal, and our colours do', () => {
    const stdout = stream(true);
    const output = createOutput({ stdout, stderr: stream(true), json: false, color: true });
    output.line(`because a\nb\r\t${escape}[31mred ${c1}2J\u0000\u007f`);
    output.line(output.paint('green', `a\n${escape}[31mb`));
    output.progress(`half${escape}[2J`);
    expect(stdout.text).toBe(
      'because a\\nb\\r\\t\\x1b[31mred \\x9b2J\\x00\\x7f\n' +
        `${escape}[32ma\\n\\x1b[31mb${escape}[0m\n` +
        'half\\x1b[2J',
    );
  });

  it('begin no line in a file, which holds no mark of a colour', () => {
    const [stdout, stderr] = [stream(false), stream(false)];
    const output = createOutput({ stdout, stderr, json: false, color: true });
    output.line(`${output.paint('red', 'a')}\nb é 世 \ufdd1`);
    expect(stdout.text).toBe('a\\nb é 世 \n');
  });

  it('are left to JSON in a document', () => {
    const [stdout, stderr] = [stream(true), stream(true)];
    const reason = `a\nb${escape}[31m`;
    createOutput({ stdout, stderr, json: true, color: true }).document({ reason });
    expect(stdout.text).not.toContain(escape);
    expect(JSON.parse(stdout.text)).toEqual({ reason });
  });

  it.each(['green', 'red', 'yellow', 'dim', 'bold'] as const)('%s is the code it was', (name) => {
    const stdout = stream(true);
    const output = createOutput({ stdout, stderr: stream(true), json: false, color: true });
    output.line(output.paint(name, 'x'));
    const code = { green: 32, red: 31, yellow: 33, dim: 2, bold: 1 }[name];
    expect(stdout.text).toBe(`${escape}[${code}mx${escape}[0m\n`);
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
