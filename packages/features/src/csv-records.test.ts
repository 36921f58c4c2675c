import { parse, type Info } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CsvProblem } from './csv-problem.ts';
import { csvRecords, type CsvRecord } from './csv-records.ts';

type Outcome = readonly CsvRecord[] | string;

/** The text in pieces of these lengths, over and over. */
async function* pieces(text: string, lengths: readonly number[]): AsyncGenerator<string> {
  for (let [at, n] = [0, 0]; at < text.length; n += 1) {
    const length = lengths[n % lengths.length] ?? 1;
    yield text.slice(at, at + length);
    at += length;
  }
}

async function read(text: string, lengths = [text.length]): Promise<Outcome> {
  const records: CsvRecord[] = [];
  try {
    for await (const list of csvRecords(pieces(text, lengths))) records.push(...list);
    return records;
  } catch (error) {
    return (error as CsvProblem).code;
  }
}

/** No text that the tests make. */
const quotedEmpty = 'an empty text';
const cast = (cell: string, { quoting }: { quoting: boolean }): string =>
  cell === '' && quoting ? quotedEmpty : cell;

/** What csv-parse makes of it, a reader that others wrote. */
function readAsOthers(text: string): Outcome {
  const options = { bom: true, relax_column_count: true, info: true, skip_empty_lines: true, cast } as const;
  try {
    const found = parse(text, options) as unknown as { record: string[]; info: Info }[];
    return found.map(({ record, info }) => ({
      cells: record.map((cell) => (cell === quotedEmpty ? '' : cell)),
      emptyTexts: record.flatMap((cell, place) => (cell === quotedEmpty ? [place] : [])),
      line: info.lines,
    }));
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('CSV records', () => {
  const lineEnds = fc.constantFrom('\n', '\r\n', '\r');
  const soup = fc.array(
    fc.constantFrom('"', '""', ',', 'END', 'a', ' ', 'é', '😀', '"x"', '"a,b"', '"ENDb"'),
    { maxLength: 12 },
  );
  const cell = fc.constantFrom('', 'a', ' ', '😀', '1.5', '""', '"x"', '"a,b"', '"say ""x"""', '"ENDb"');
  const lines = fc.array(
    fc.array(cell, { maxLength: 4 }).map((cells) => `${cells.join()}END`),
    { maxLength: 5 },
  );
  const texts = fc.oneof(
    soup,
    lines,
    fc.tuple(lines, soup).map((both) => both.flat()),
  );

  it('are those of csv-parse for any text, good or bad, however it is cut', async () => {
    const seen = { good: 0, bad: 0, several: 0 };
    const cuts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 });
    const property = fc.asyncProperty(
      texts,
      lineEnds,
      cuts,
      fc.boolean(),
      async (list, end, lengths, hasMark) => {
        const text = (hasMark ? '\ufeff' : '') + list.join('').replaceAll('END', end);
        // It counts a line break of two characters within quotes as two lines.
        const expected = readAsOthers(end === '\r\n' ? text.replaceAll('\r\n', '\n') : text);
        const unified = (outcome: Outcome): Outcome =>
          typeof outcome === 'string' || end !== '\r\n'
            ? outcome
            : outcome.map((record) => ({
                ...record,
                cells: record.cells.map((cell) => cell.replaceAll('\r\n', '\n')),
              }));
        expect(unified(await read(text))).toEqual(expected);
        expect(unified(await read(text, lengths))).toEqual(expected);
        seen[typeof expected === 'string' ? 'bad' : 'good'] += 1;
        seen.several += Number(typeof expected !== 'string' && expected.length > 2);
      },
    );
    await fc.assert(property, { numRuns: 2000, seed: 20_261_125 });
    expect(Math.min(seen.good, seen.bad, seen.several)).toBeGreaterThan(200);
  });

  it.each([
    ['a,b\nc,d\r\ne,f', 2],
    ['a,b\nc,d\n"e",f\r\n', 3],
    ['a,b\n"c\r\n",d\r\n', 3],
    ['a,b\n"c\n","d"\r\n', 3],
    ['a,b\nc,d\n\r\n', 3],
    ['a,b\r\nc,d\ne,f', 2],
    ['a,b\r\nc,d\n', 2],
    ['a,b\rc,d\n', 2],
  ])('of %j, with two kinds of line end, are refused with the line', async (text, line) => {
    for (const lengths of [[text.length], [1], [3]]) {
      const reading = (async () => {
        for await (const records of csvRecords(pieces(text, lengths))) expect(records).not.toEqual([]);
      })();
      await expect(reading).rejects.toMatchObject({ code: 'CSV_MIXED_LINE_ENDS', line });
    }
  });

  it('keep the line ends within quotes, whatever those of the file are', async () => {
    expect(await read('a\n"b\r\nc"\n')).toMatchObject([{ cells: ['a'] }, { cells: ['b\r\nc'], line: 3 }]);
    expect(await read('a\r\n"b\nc"\r\n')).toMatchObject([{ cells: ['a'] }, { cells: ['b\nc'], line: 3 }]);
  });

  const limit = 1 << 20;
  it.each([
    [
      'a line as long as allowed',
      'x'.repeat(limit),
      [{ cells: ['x'.repeat(limit)], emptyTexts: [], line: 1 }],
    ],
    ['a longer one', `a\n${'x'.repeat(limit + 1)}`, 'CSV_MAX_RECORD_SIZE'],
    ['a longer one in quotes', `"${'x'.repeat(limit)}"`, 'CSV_MAX_RECORD_SIZE'],
    ['a quote never closed', '"a\nb', 'CSV_QUOTE_NOT_CLOSED'],
    ['a quote never closed before much', `"a\n${'b\n'.repeat(limit)}`, 'CSV_MAX_RECORD_SIZE'],
    ['a quote in a cell before much', `a"a\n${'b\n'.repeat(limit)}`, 'INVALID_OPENING_QUOTE'],
  ])('of %s', async (_, text, outcome) => {
    expect(await read(text)).toEqual(outcome);
    expect(await read(text, [1 << 16])).toEqual(outcome);
  });
});
