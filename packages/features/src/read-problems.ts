import type { PlaceUnit } from './source-row.ts';
import { sampleSize, type Violation } from './violation.ts';

/** What could not be read of a source, counted by kind with the first places: as small as the source is wide. */
export interface ReadProblems {
  readonly unit: PlaceUnit;
  /** Rows read, good and bad. */
  readonly rowCount: () => number;
  readonly addRows: (count: number) => void;
  readonly add: (problem: string, place: number) => void;
  /** The same for many places at once, of which only the first are known. */
  readonly addMany: (problem: string, count: number, first: readonly number[]) => void;
  readonly violations: () => Violation[];
}

export function createReadProblems(unit: PlaceUnit): ReadProblems {
  const known = new Map<string, { count: number; places: string[] }>();
  let rows = 0;
  const addMany = (problem: string, count: number, first: readonly number[]): void => {
    const entry = known.get(problem) ?? { count: 0, places: [] };
    entry.count += count;
    for (const place of first) if (entry.places.length < sampleSize) entry.places.push(`${unit} ${place}`);
    known.set(problem, entry);
  };
  const add = (problem: string, place: number): void => addMany(problem, 1, [place]);
  const violations = (): Violation[] =>
    [...known].map(([constraint, { count, places }]) => ({
      constraint,
      count,
      share: count / rows,
      sampleKeys: places,
    }));
  return { unit, rowCount: () => rows, addRows: (count) => void (rows += count), add, addMany, violations };
}
