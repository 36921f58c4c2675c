const quoteCells =
  'Put cells with commas, quotes or line breaks between quotes, and write a quote inside as two';

/** Text that is no CSV: what is wrong with it, in which line, and what to do about it. */
export class CsvProblem extends Error {
  readonly code: string;
  readonly line: number;
  readonly next: string;

  constructor(code: string, line: number, next = quoteCells) {
    super(`${code} in line ${line}`);
    this.code = code;
    this.line = line;
    this.next = next;
  }
}

/** A line that ends as the first one does not: what is left of its end would become part of a text. */
export function mixedLineEnds(line: number): CsvProblem {
  return new CsvProblem('CSV_MIXED_LINE_ENDS', line, 'Save the file with one kind of line ending');
}
