import { SlipwayError } from '@slipway/contracts';
import { isStorableText } from '@slipway/database';
import { checkEventWindow } from './check-event-window.ts';
import type { FeatureSource } from './feature-source.ts';
import type { FeatureTable } from './feature-table.ts';

/** What a kind of source must have beside its description. */
interface Need {
  readonly key: string;
  readonly expected: string;
  readonly isMet: (value: unknown) => boolean;
}

const path: Need = { key: 'path', expected: 'a text without NUL', isMet: isText };
const needs: Readonly<Record<FeatureSource['kind'], Need>> = {
  csv: path,
  parquet: path,
  batch: { key: 'batch', expected: 'a batch with columns', isMet: hasColumns },
  rows: { key: 'rows', expected: 'rows that can be iterated', isMet: isIterable },
  query: { key: 'sql', expected: 'the text of a query', isMet: isText },
};

type Given = Readonly<Record<string, unknown>>;

/**
 * Refuses what no load could begin with, before anything is locked or made: a program without types may give anything.
 * @throws SlipwayError `invalid_argument`; `schema_mismatch` for a window of a column that holds no times
 */
export function checkLoadArguments(table: FeatureTable, source: FeatureSource): void {
  if (!Array.isArray((table as FeatureTable | undefined)?.checks))
    throw invalid('The feature table of a load is not defined', 'what defineFeatureTable returns');
  const given = (source ?? {}) as Given;
  const kind = given['kind'] as FeatureSource['kind'];
  if (!Object.hasOwn(needs, kind))
    throw invalid('The source of a load is of no known kind', `kind ${Object.keys(needs).join(', ')}`);
  const { key, expected, isMet } = needs[kind];
  if (!isMet(given[key])) throw invalid(`The source of kind "${kind}" lacks ${key}`, expected);
  if (!('path' in given) && !isText(given['description']))
    throw invalid('The source of a load has no name for its log', 'a text without NUL as description');
  if ('path' in source) checkEventWindow(table, source.where);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && isStorableText(value);
}

function hasColumns(value: unknown): boolean {
  return Array.isArray((value as Given | null | undefined)?.['columns']);
}

function isIterable(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)
  );
}

function invalid(what: string, expected: string): SlipwayError {
  return new SlipwayError('invalid_argument', {
    what,
    expected,
    next: 'Correct the call; nothing was loaded',
  });
}
