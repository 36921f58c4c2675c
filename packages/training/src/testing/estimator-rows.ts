import type { TrainingRows } from '../estimator-family.ts';

/** Rows that every family can be fitted to: columns that do not depend on each other, and a target above 0. */
export function plainRows(columnCount: number, rowCount = 60): TrainingRows {
  const columns = Array.from({ length: columnCount }, (_, place) =>
    Float64Array.from({ length: rowCount }, (_, row) => 3 + Math.sin((row + 1) * (place + 1.3)) + row / 50),
  );
  const target = Float64Array.from({ length: rowCount }, (_, row) =>
    columns.reduce((sum, column, place) => sum + column[row]! / (place + 1), 1),
  );
  const names = columns.map((_, place) => `x${place}`);
  return { features: { rowCount, names, columns }, target };
}

/** Rows that a model may not be fitted to, by what is hard about them. */
export function hardRows(columnCount: number): [name: string, rows: TrainingRows][] {
  const rows = plainRows(columnCount);
  const replaceFirst = (first: Float64Array): TrainingRows => ({
    ...rows,
    features: { ...rows.features, columns: [first, ...rows.features.columns.slice(1)] },
  });
  const last = rows.features.columns.at(-1)!;
  return [
    ['no rows', plainRows(columnCount, 0)],
    ['one row', plainRows(columnCount, 1)],
    ['two rows', plainRows(columnCount, 2)],
    ['a constant target', { ...rows, target: rows.target.map(() => 5) }],
    ['a target of zeros', { ...rows, target: rows.target.map(() => 0) }],
    ['a constant column', replaceFirst(last.map(() => 2))],
    // The mean of many 0.1 is not 0.1.
    ['a column of one decimal', replaceFirst(last.map(() => 0.1))],
    ['a column of zeros', replaceFirst(last.map(() => 0))],
    ['a column that is twice another', replaceFirst(last.map((value) => 2 * value))],
    ['a column of huge numbers', replaceFirst(last.map((value) => value * 1e300))],
    ['a column of tiny numbers', replaceFirst(last.map((value) => value * 1e-300))],
    ['a huge target', { ...rows, target: rows.target.map((value) => value * 1e300) }],
    ['a target at the end of the doubles', { ...rows, target: rows.target.map(() => 1e308) }],
    ['NaN in the target', { ...rows, target: rows.target.map((value, row) => (row === 3 ? NaN : value)) }],
    ['NaN in a column', replaceFirst(last.map((value, row) => (row === 3 ? NaN : value)))],
    ['an infinity in a column', replaceFirst(last.map((value, row) => (row === 3 ? Infinity : value)))],
  ];
}
