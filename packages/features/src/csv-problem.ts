/** Text that is no CSV: what is wrong with it, in which line. */
export class CsvProblem extends Error {
  readonly code: string;
  readonly line: number;

  constructor(code: string, line: number) {
    super(`${code} in line ${line}`);
    this.code = code;
    this.line = line;
  }
}
