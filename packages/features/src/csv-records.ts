import { CsvProblem, mixedLineEnds } from './csv-problem.ts';
import { countLineEnds, splitQuoted, type QuotedCells } from './split-quoted.ts';

/** Characters of one record; a quote that is never closed would otherwise bring the whole file into memory. */
const longestRecord = 1 << 20;

const noTexts: readonly number[] = [];

export interface CsvRecord extends QuotedCells {
  /** Line of the text that it ends in, from 1. */
  readonly line: number;
}

/** No cell outside quotes has one (RFC 4180). */
const lineEndPart = /[\r\n]/;

/**
 * The records of CSV text (RFC 4180), as many at a time as a piece of it has; empty lines are left out. All lines end as
 * the first one does: LF, CRLF or CR; one that ends otherwise is refused. A line without a quote, as most are, is split and
 * no more.
 * @throws CsvProblem after the records before it
 */
export async function* csvRecords(texts: AsyncIterable<string>): AsyncGenerator<CsvRecord[]> {
  const place: Place = { lineEnd: undefined, line: 1 };
  let rest = '';
  let isFirst = true;
  for await (const text of texts) {
    const isMarked = isFirst && text.startsWith('\ufeff');
    isFirst &&= text === '';
    rest = yield* readPiece(rest + (isMarked ? text.slice(1) : text), place, false);
  }
  yield* readPiece(rest, place, true);
}

/** Where a reader is in a text. */
interface Place {
  /** Undefined until the first line has ended. */
  lineEnd: string | undefined;
  line: number;
}

/** Returns the text of the record that has not ended yet. */
function* readPiece(text: string, place: Place, isLast: boolean): Generator<CsvRecord[], string> {
  place.lineEnd ??= findLineEnd(text, isLast);
  const records: CsvRecord[] = [];
  let [at, quote] = [0, text.indexOf('"')];
  let problem: unknown;
  try {
    while (at < text.length) {
      if (quote !== -1 && quote < at) quote = text.indexOf('"', at);
      const plain = findEnd(text, at, place.lineEnd);
      const isQuoted = quote !== -1 && quote < plain;
      const end = isQuoted ? findQuotedEnd(text, at, place.lineEnd) : plain;
      const isWhole = isLast || end < text.length;
      if (isWhole || end - at > longestRecord) {
        const record = readRecord(text.slice(at, end), place, isQuoted);
        if (record !== undefined) records.push(record);
      } else break;
      at = end + (place.lineEnd ?? '').length;
    }
  } catch (error) {
    problem = error;
  }
  if (records.length > 0) yield records;
  if (problem !== undefined) throw problem;
  return text.slice(at);
}

function readRecord(text: string, place: Place, isQuoted: boolean): CsvRecord | undefined {
  const first = place.line;
  const isTooLong = text.length > longestRecord;
  if (isTooLong && !isQuoted) throw new CsvProblem('CSV_MAX_RECORD_SIZE', first);
  place.line += 1;
  if (!isQuoted) {
    if (lineEndPart.test(text)) throw mixedLineEnds(first);
    return text === '' ? undefined : { cells: text.split(','), emptyTexts: noTexts, line: first };
  }
  // A quote in the wrong place is the better reason for a record that does not end.
  const quoted = splitQuoted(text, { line: first, isCut: isTooLong });
  if (isTooLong) throw new CsvProblem('CSV_MAX_RECORD_SIZE', first);
  place.line += countLineEnds(text);
  return { ...quoted, line: place.line - 1 };
}

/** How the first line outside quotes ends; undefined when no line has ended. */
function findLineEnd(text: string, isLast: boolean): string | undefined {
  let isOpen = false;
  for (const { 0: found, index } of text.matchAll(/"|\r\n|\n|\r/g)) {
    if (found === '"') isOpen = !isOpen;
    // After a CR at the end of a piece an LF may follow.
    else if (!isOpen) return found === '\r' && index === text.length - 1 && !isLast ? undefined : found;
  }
  return undefined;
}

/** Where a line ends, or the length of the text. */
function findEnd(text: string, from: number, lineEnd: string | undefined): number {
  const end = lineEnd === undefined ? -1 : text.indexOf(lineEnd, from);
  return end === -1 ? text.length : end;
}

/** Where a record with quotes ends: at the first line end with an even number of quotes before it. */
function findQuotedEnd(text: string, at: number, lineEnd: string | undefined): number {
  let isOpen = false;
  for (let from = at; ;) {
    const end = findEnd(text, from, lineEnd);
    for (
      let quote = text.indexOf('"', from);
      quote !== -1 && quote < end;
      quote = text.indexOf('"', quote + 1)
    )
      isOpen = !isOpen;
    if (!isOpen || end === text.length) return end;
    from = end + (lineEnd ?? '').length;
  }
}
