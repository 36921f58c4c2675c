import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rowCells, type CellValue } from '@slipway/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkUtf8 } from './check-utf8.ts';
import { defineFeatureTable, readFeatureBatches, readFeatureFile } from './index.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'slipway-csv-'))));
afterAll(() => rm(folder, { recursive: true }));

const table = defineFeatureTable({
  name: 'stores',
  owner: 'shops',
  entityKey: ['store'],
  columns: {
    store: { type: 'long' },
    kind: { type: 'string', nullable: true },
    sales: { type: 'double', nullable: true },
    open: { type: 'boolean', nullable: true },
    at: { type: 'datetime', nullable: true },
  },
});

async function read(content: string | Uint8Array): Promise<Record<string, CellValue>[]> {
  const path = join(folder, 'rows.csv');
  await writeFile(path, content);
  const batch = await readFeatureFile(table, { path });
  return Array.from({ length: batch.rowCount }, (_, row) => rowCells(batch, row));
}

describe('a CSV file', () => {
  const texts = fc.string({ unit: 'grapheme' }).filter((text) => text !== '' && !text.includes('\0'));
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

  it('says the same with any line ends, quotes, column order and byte order mark', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.oneof(texts, fc.constantFrom('a,b', 'say "x"', 'two\nlines', '\r\n', ' x ')), {
        maxLength: 6,
      }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.boolean(),
      async (kinds, end, hasMark, hasEnd) => {
        const lines = kinds.map((kind, n) => `${quoted(kind)},"${n}",,,1.5`);
        const text = [`kind,store,"at",open,sales`, ...lines].join(end);
        const rows = await read(`${hasMark ? '\ufeff' : ''}${text}${hasEnd ? end : ''}`);
        expect(rows).toEqual(kinds.map((kind, store) => ({ store, kind, sales: 1.5, open: null, at: null })));
      },
    );
    await fc.assert(property, { numRuns: 60, seed: 20_261_125 });
  });

  it('of long texts comes in batches that do not fill the memory', async () => {
    const kind = 'x'.repeat(1_000_000);
    const path = join(folder, 'long.csv');
    await writeFile(path, `store,kind,sales,open,at\n${`1,${kind},,,\n`.repeat(40)}`);
    const counts: number[] = [];
    for await (const { rowCount } of readFeatureBatches(table, { path })) counts.push(rowCount);
    expect(counts).toEqual([34, 6]);
  });

  it('does not count the texts of rows outside the window', async () => {
    const outside = `1,${'x'.repeat(1_000_000)},,,2026-01-01\n`.repeat(34);
    const path = join(folder, 'outside.csv');
    await writeFile(path, `store,kind,sales,open,at\n${outside}2,x,,,2026-01-02\n3,x,,,2026-01-02\n`);
    const where = { column: 'at', from: Date.UTC(2026, 0, 2) * 1000 };
    const counts: number[] = [];
    for await (const { rowCount } of readFeatureBatches(table, { path, where })) counts.push(rowCount);
    expect(counts).toEqual([2]);
  });

  it('has an empty text where "" stands in a text column, as COPY has, and NULL in the others', async () => {
    const rows = await read('store,kind,sales,open,at\n1,"","","",""\n"2",,,,\n');
    expect(rows.map(({ kind }) => kind)).toEqual(['', null]);
    expect(rows).toMatchObject([{ sales: null, open: null, at: null }, { store: 2 }]);
  });

  it.each([
    [
      'one unknown and one missing',
      'store,kind,salse,open,at\n',
      /Line 1 .*no sales; unknown columns "salse" \(did you mean "sales"\?\)/,
    ],
    [
      'a space before a name',
      'store, kind,sales,open,at\n',
      /no kind; unknown columns " kind" \(did you mean "kind"/,
    ],
    ['a surplus one', 'store,kind,sales,open,at,constructor\n', /received unknown columns "constructor"\./],
    ['many surplus ones', 'store,kind,sales,open,at,a,b,c,d,e,f,g\n', /"e" and 2 more/],
    ['one twice', 'store,kind,sales,open,at,sales\n', /received sales more than once/],
    ['empty lines before', '\n\nstore,kind\n', /Line 3 .*no sales, open, at/],
    ['semicolons', 'store;kind;sales;open;at\n', /none of these names.*commas between cells/],
  ])('whose header has %s is refused with the names', async (_, content, message) => {
    await expect(read(content)).rejects.toMatchObject({ code: 'schema_mismatch' });
    await expect(read(content)).rejects.toThrow(message);
  });

  it('without a header is refused without showing its data', async () => {
    const loaded = read('4711,secret,1,true,2026-01-01\n');
    await expect(loaded).rejects.toThrow(/none of these names/);
    await expect(loaded).rejects.not.toThrow(/4711|secret/);
  });

  it.each([
    ['1,a,"1,5",,\n', /sales_type_double \(1\)/, /double as a finite number, in text with a decimal point/],
    ['1.5,a,1,,\n', /store_type_long \(1\)/, /long as a whole number within \+-2\^53/],
    ['1,a,1,yes,\n', /open_type_boolean \(1\)/, /boolean as true, t, 1, false, f or 0/],
    ['1,a,1,,31.01.2026\n', /at_type_datetime \(1\)/, /datetime as ISO 8601 .*2026-01-31/],
    ['1,a\0b,1,,\n', /kind_type_string \(1\)/, /string as text without NUL/],
    ['1,a,1,\n', /column_count \(1\)/, /as many cells in each line as in the header/],
  ])('with %j is refused with the format of the type', async (line, problem, format) => {
    const content = `store,kind,sales,open,at\n${line}`;
    await expect(read(content)).rejects.toMatchObject({ code: 'data_rejected' });
    await expect(read(content)).rejects.toThrow(problem);
    await expect(read(content)).rejects.toThrow(format);
  });

  it.each([
    ['Latin-1', Buffer.from('1,gr\xf6\xdfer,1,,\n', 'latin1'), 3],
    ['a character cut off at the end', Buffer.from('1,a,1,,\n1,é', 'utf8').subarray(0, -1), 4],
    ['a surrogate', Buffer.from([0x31, 0x2c, 0xed, 0xa0, 0x80]), 3],
    ['an overlong form', Buffer.from([0x31, 0x2c, 0xc0, 0xaf, 0x0a]), 3],
    ['a lone continuation', Buffer.from([0x31, 0x2c, 0x80]), 3],
  ])('that is no UTF-8 is refused with its line: %s', async (_, bytes, line) => {
    const loaded = read(Buffer.concat([Buffer.from('store,kind,sales,open,at\n1,"é\n'), bytes]));
    await expect(loaded).rejects.toMatchObject({ code: 'file_unreadable' });
    await expect(loaded).rejects.toThrow(`rows.csv is not UTF-8: received other bytes in line ${line}.`);
  });

  it('of two kinds of line end is refused with the line, before a text takes in a part of one', async () => {
    const loaded = read('store,sales,open,at,kind\n1,,,,abc\r\n2,,,,\r\n');
    await expect(loaded).rejects.toMatchObject({ code: 'file_unreadable' });
    await expect(loaded).rejects.toThrow(/near line 2\. Save the file with one kind of line ending\./);
  });

  it.skipIf(process.platform !== 'linux')(
    'that the disk does not give to its end is not called bad CSV',
    async () => {
      // Reading the memory of a process at address 0 is an input/output error.
      const loaded = readFeatureFile(table, { path: '/proc/self/mem' });
      await expect(loaded).rejects.toMatchObject({ code: 'file_unreadable' });
      await expect(loaded).rejects.toThrow(/mem cannot be read to its end: received EIO\./);
    },
  );

  it('whose quotes do not fit is refused with the line and the way out', async () => {
    const loaded = read('store,kind,sales,open,at\n1,a "b" c,1,,\n');
    await expect(loaded).rejects.toThrow(/not valid CSV.*near line 2.*a quote inside as two/);
  });
});

describe('the check of bytes', () => {
  const chunked = async (bytes: Uint8Array, sizes: readonly number[]): Promise<Buffer | number> => {
    const chunks = async function* (): AsyncGenerator<Buffer> {
      for (let [at, n] = [0, 0]; at < bytes.length; n += 1) {
        const size = sizes[n % sizes.length] ?? 1;
        yield Buffer.from(bytes.subarray(at, at + size));
        at += size;
      }
    };
    try {
      const passed: Buffer[] = [];
      for await (const chunk of checkUtf8(chunks(), 'x')) passed.push(chunk);
      return Buffer.concat(passed);
    } catch (error) {
      return (error as { details: { line: number } }).details.line;
    }
  };

  it('agrees with TextDecoder on any bytes, however they are cut', async () => {
    const pieces = fc.oneof(
      fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text)),
      fc.constant(Buffer.from('\n')),
      fc.uint8Array({ maxLength: 2 }).map((bytes) => Buffer.from(bytes)),
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 });
    const seen = { good: 0, bad: 0 };
    const property = fc.asyncProperty(fc.array(pieces), sizes, async (list, cuts) => {
      const bytes = Buffer.concat(list);
      const lines = bytes.toString('latin1').split('\n');
      const bad = lines.findIndex((line) => !isText(Buffer.from(line, 'latin1')));
      seen[bad === -1 ? 'good' : 'bad'] += 1;
      expect(await chunked(bytes, cuts)).toEqual(bad === -1 ? bytes : bad + 1);
    });
    await fc.assert(property, { numRuns: 500, seed: 20_261_125 });
    expect(Math.min(seen.good, seen.bad)).toBeGreaterThan(50);
  });
});

function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
