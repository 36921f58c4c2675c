import { sampleSize, type Violation } from './violation.ts';

/** What could not be read of a file, counted by kind with the first line numbers: as small as the file is wide. */
export interface ReadProblems {
  /** Rows read, good and bad. */
  readonly rowCount: () => number;
  readonly addRows: (count: number) => void;
  readonly add: (problem: string, line: number) => void;
  readonly violations: () => Violation[];
}

export function createReadProblems(): ReadProblems {
  const known = new Map<string, { count: number; lines: string[] }>();
  let rows = 0;
  const add = (problem: string, line: number): void => {
    const entry = known.get(problem) ?? { count: 0, lines: [] };
    entry.count += 1;
    if (entry.lines.length < sampleSize) entry.lines.push(`line ${line}`);
    known.set(problem, entry);
  };
  const violations = (): Violation[] =>
    [...known].map(([constraint, { count, lines }]) => ({
      constraint,
      count,
      share: count / rows,
      sampleKeys: lines,
    }));
  return { rowCount: () => rows, addRows: (count) => void (rows += count), add, violations };
}
