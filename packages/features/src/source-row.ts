import type { CellValue } from '@slipway/contracts';

/** One row of a source: its cells, NULL where one could not be read. */
export interface SourceRow {
  /** Number of the row, from 1. */
  readonly place: number;
  readonly cells: Record<string, CellValue>;
  /** Columns whose cell is no value of their type. */
  readonly unread: readonly string[];
}

/** What the places of a source are called in reports. */
export type PlaceUnit = 'line' | 'row';
