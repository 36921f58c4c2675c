import type { Column, ColumnBatch, ColumnSpec, ColumnType } from '@slipway/contracts';
import { typeProblem } from './cell-problem.ts';
import type { EventWindow } from './feature-source.ts';
import type { FeatureTable } from './feature-table.ts';
import { isInside } from './is-inside.ts';
import { parseCell } from './parse-cell.ts';
import type { ReadProblems } from './read-problems.ts';
import type { QuotedCells } from './split-quoted.ts';
import {
  sourceLine,
  stagedBatchCharacters,
  stagedBatchRows,
  stagedColumns,
  unreadCells,
} from './staging-table.ts';

/** Types the cells of text rows straight into the columns of a batch. */
export interface BatchBuilder {
  /** Cells of a row. */
  readonly width: number;
  /** Adds a row of that many cells, unless its event time is outside the window. Returns whether the batch is full. */
  readonly add: (row: QuotedCells, place: number) => boolean;
  /** The rows added since it was last called. */
  readonly take: () => ColumnBatch;
}

export interface BatchBuilderOptions {
  /** The table's columns in the order of the cells. */
  readonly names: readonly string[];
  readonly where?: EventWindow | undefined;
  readonly problems: ReadProblems;
}

export function createBatchBuilder(
  table: FeatureTable,
  { names, where, problems }: BatchBuilderOptions,
): BatchBuilder {
  const columns = stagedColumns(table).map(createCells);
  const named = (name: string | undefined): Cells | undefined =>
    columns.find((column) => column.name === name);
  const inOrder = names.map((name) => named(name) as Cells);
  const texts = inOrder.flatMap(({ type }, index) => (type === 'string' ? [index] : []));
  const [time, lines, unread] = [named(where?.column), named(sourceLine), named(unreadCells)];
  let rows = 0;
  let characters = 0;
  return {
    width: names.length,
    add: ({ cells, emptyTexts }, place) => {
      const bad = inOrder.filter((column, index) => !column.set(rows, cells[index] ?? ''));
      for (const index of emptyTexts) inOrder[index]?.setEmpty(rows);
      if (!isInside(time?.numberAt(rows) ?? NaN, where)) return false;
      problems.addRows(1);
      for (const { name, type } of bad) problems.add(typeProblem(name, type), place);
      lines?.set(rows, String(place));
      const badNames = bad.length === 0 ? '' : `,${bad.map(({ name }) => name).join(',')},`;
      unread?.set(rows, badNames);
      characters += badNames.length;
      for (const index of texts) characters += cells[index]?.length ?? 0;
      rows += 1;
      return rows === stagedBatchRows || characters >= stagedBatchCharacters;
    },
    take: () => {
      const batch = { rowCount: rows, columns: columns.map((column) => column.take(rows)) };
      rows = 0;
      characters = 0;
      return batch;
    },
  };
}

/** A column that is being filled. */
interface Cells {
  readonly name: string;
  readonly type: ColumnType;
  /** Reads a text into a row. Returns false, and makes it NULL, when it is no value of the type. */
  readonly set: (row: number, text: string) => boolean;
  /** Makes the cell of a row the empty text; it stays NULL in columns of other types. */
  readonly setEmpty: (row: number) => void;
  /** NaN for NULL and in string columns. */
  readonly numberAt: (row: number) => number;
  readonly take: (rows: number) => Column;
}

function createCells({ name, type }: ColumnSpec): Cells {
  return type === 'string' ? createTexts(name) : createNumbers(name, type);
}

function createTexts(name: string): Cells {
  let values: (string | null)[] = [];
  return {
    name,
    type: 'string',
    set: (row, text) => {
      const value = parseCell(text, 'string');
      values[row] = (value ?? null) as string | null;
      return value !== undefined;
    },
    setEmpty: (row) => (values[row] = ''),
    numberAt: () => NaN,
    take: (rows) => {
      const taken = values.slice(0, rows);
      values = [];
      return { name, type: 'string', values: taken };
    },
  };
}

function createNumbers(name: string, type: Exclude<ColumnType, 'string'>): Cells {
  let values = new Float64Array(stagedBatchRows);
  // Rows that lie together often have the same time, and a time is slow to read.
  let [lastText, last] = ['', NaN];
  return {
    name,
    type,
    set: (row, text) => {
      if (text !== lastText) {
        const value = parseCell(text, type);
        if (value === undefined) {
          values[row] = NaN;
          return false;
        }
        [lastText, last] = [text, value === null ? NaN : Number(value)];
      }
      values[row] = last;
      return true;
    },
    setEmpty: () => undefined,
    numberAt: (row) => values[row] ?? NaN,
    take: (rows) => {
      const taken = values.subarray(0, rows);
      values = new Float64Array(stagedBatchRows);
      return { name, type, values: taken };
    },
  };
}
