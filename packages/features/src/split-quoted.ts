import { CsvProblem, mixedLineEnds } from './csv-problem.ts';

export interface RecordPlace {
  /** Line that the record begins in. */
  readonly line: number;
  /** Whether the text is longer than a record may be: a quote that is not closed is then no more than that. */
  readonly isCut: boolean;
}

export interface QuotedCells {
  readonly cells: readonly string[];
  /** Places of cells that are written `""`: an empty text, where an empty cell without quotes is nothing. */
  readonly emptyTexts: readonly number[];
}

/** Cells of a record some of which are in quotes, where a quote is written as two. @throws CsvProblem */
export function splitQuoted(text: string, { line, isCut }: RecordPlace): QuotedCells {
  const cells: string[] = [];
  const emptyTexts: number[] = [];
  const problem = (code: string, at: number): CsvProblem =>
    new CsvProblem(code, line + countLineEnds(text.slice(0, at)));
  for (let at = 0; ;) {
    if (text[at] !== '"') {
      const comma = text.indexOf(',', at);
      const end = comma === -1 ? text.length : comma;
      const quote = text.indexOf('"', at);
      if (quote !== -1 && quote < end) throw problem('INVALID_OPENING_QUOTE', quote);
      const cell = text.slice(at, end);
      const lineEnd = cell.search(/[\r\n]/);
      if (lineEnd !== -1) throw mixedLineEnds(line + countLineEnds(text.slice(0, at + lineEnd)));
      cells.push(cell);
      at = end;
    } else {
      const end = findClosingQuote(text, at);
      if (end === -1) throw problem(isCut ? 'CSV_MAX_RECORD_SIZE' : 'CSV_QUOTE_NOT_CLOSED', text.length);
      const after = text[end + 1] ?? ',';
      if (after === '\r' || after === '\n') throw mixedLineEnds(line + countLineEnds(text.slice(0, end)));
      if (after !== ',') throw problem('CSV_INVALID_CLOSING_QUOTE', end);
      if (end === at + 1) emptyTexts.push(cells.length);
      cells.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
    }
    if (at >= text.length) return { cells, emptyTexts };
    at += 1;
  }
}

/** Line ends of any kind: within quotes they may be others than those of the file. */
export function countLineEnds(text: string): number {
  return text.split(/\r\n|\n|\r/).length - 1;
}

/** The first quote after an opening one that no other follows, or -1. */
function findClosingQuote(text: string, open: number): number {
  for (let at = open + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at === -1 || text[at + 1] !== '"') return at;
  }
}
