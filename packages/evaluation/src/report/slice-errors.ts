import type { Column, ColumnBatch } from '@slipway/contracts';
import { formatLimits } from '@slipway/report';

/** Error of the test rows that share a value of a column, or a range of values. */
export interface SliceError {
  readonly column: string;
  readonly value: string;
  readonly rows: number;
  /** Root mean squared error, in the unit of the target. */
  readonly rmse: number;
}

/** What a feature table says about a column, as far as a report shows it. */
export interface ReportedColumn {
  readonly unit?: string | undefined;
  /** Values in their natural order. */
  readonly enum?: readonly string[] | undefined;
}

const mostValues = 31;
const mostDoubles = 12;
const ranges = 8;

/**
 * Error by value of each feature. Categories stand in the order of `columns`, else of the alphabet, whole numbers in
 * theirs; numbers of many values are cut into eight ranges of equally many rows. A text of more than 31 values is left out.
 */
export function sliceErrors({
  observed,
  predicted,
  features,
  columns = {},
}: {
  readonly observed: Float64Array;
  readonly predicted: Float64Array;
  readonly features: ColumnBatch;
  readonly columns?: Readonly<Record<string, ReportedColumn>>;
}): SliceError[] {
  return features.columns.flatMap((column) => {
    const slices = slicesOf(column, columns[column.name]?.enum);
    if (slices === undefined) return [];
    return slices.names.flatMap((value, slice) => {
      let [rows, squares] = [0, 0];
      slices.of.forEach((own, row) => {
        if (own !== slice) return;
        rows += 1;
        squares += (observed[row]! - predicted[row]!) ** 2;
      });
      return rows === 0 ? [] : [{ column: column.name, value, rows, rmse: Math.sqrt(squares / rows) }];
    });
  });
}

/** Names of the slices in order, and the slice of each row. */
interface Slices {
  readonly names: readonly string[];
  readonly of: Int32Array;
}

function slicesOf(column: Column, order: readonly string[] | undefined): Slices | undefined {
  if (column.type === 'string') return categories(column.values, order);
  const known = Array.from(column.values.filter((value) => !Number.isNaN(value))).sort((a, b) => a - b);
  const distinct = [...new Set(known)];
  if (column.type === 'boolean') return singles(column.values, distinct, (value) => String(value === 1));
  if (distinct.length <= (column.type === 'long' ? mostValues : mostDoubles)) {
    return singles(column.values, distinct, String);
  }
  return column.type === 'datetime' ? undefined : cutInRanges(column.values, known, column.type === 'long');
}

function categories(
  values: readonly (string | null)[],
  order: readonly string[] | undefined,
): Slices | undefined {
  const present = [...new Set(values)].filter((value) => value !== null);
  if (present.length > mostValues) return undefined;
  const place = (value: string): number => {
    const known = order?.indexOf(value) ?? -1;
    return known < 0 ? Infinity : known;
  };
  const names = present.sort((a, b) => (place(a) === place(b) ? (a < b ? -1 : 1) : place(a) - place(b)));
  const places = new Map(names.map((name, slice) => [name, slice]));
  return {
    names: [...names, 'NULL'],
    of: Int32Array.from(values, (value) => (value === null ? names.length : places.get(value)!)),
  };
}

function singles(values: Float64Array, distinct: readonly number[], name: (value: number) => string): Slices {
  const places = new Map(distinct.map((value, slice) => [value, slice]));
  return {
    names: [...distinct.map(name), 'NULL'],
    of: Int32Array.from(values, (value) => places.get(value) ?? distinct.length),
  };
}

/** Ranges of equally many rows: right-open, the last one with its end. */
function cutInRanges(values: Float64Array, sorted: readonly number[], isWhole: boolean): Slices {
  const quantiles = Array.from({ length: ranges - 1 }, (_, index) => {
    const value = sorted[Math.floor((sorted.length * (index + 1)) / ranges)]!;
    return isWhole ? Math.ceil(value) : value;
  });
  const inner = [...new Set(quantiles)].filter((edge) => edge > sorted[0]!);
  const edges = [sorted[0]!, ...inner, sorted.at(-1)!];
  const lasts = isWhole ? [...inner.map((edge) => edge - 1), sorted.at(-1)!] : edges.slice(1);
  const [from, to] = isWhole
    ? [edges.map(String), lasts.map(String)]
    : [formatLimits(edges), formatLimits(edges).slice(1)];
  const names = to.map((last, index) => (from[index] === last ? last : `${from[index]} – ${last}`));
  const of = Int32Array.from(values, (value) =>
    Number.isNaN(value) ? inner.length + 1 : inner.filter((edge) => edge <= value).length,
  );
  return { names: [...names, 'NULL'], of };
}
