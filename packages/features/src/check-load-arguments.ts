import { SlipwayError } from '@slipway/contracts';
import { isStorableText } from '@slipway/database';
import { checkEventWindow } from './check-event-window.ts';
import type { FeatureSource } from './feature-source.ts';
import type { FeatureTable } from './feature-table.ts';

/** What every kind of source must have, and how to tell. */
const needs: Readonly<Record<FeatureSource['kind'], readonly [string, (source: Given) => boolean]>> = {
  csv: ['a path', ({ path }) => isText(path)],
  parquet: ['a path', ({ path }) => isText(path)],
  batch: ['a batch with columns', ({ batch }) => Array.isArray((batch as Given | null)?.['columns'])],
  rows: ['rows that can be iterated', ({ rows }) => isIterable(rows)],
  query: ['the text of a query as sql', ({ sql }) => isText(sql)],
};

type Given = Readonly<Record<string, unknown>>;

/**
 * Refuses what no load could begin with, before anything is locked or made: a program without types may give anything.
 * @throws SlipwayError `invalid_argument`; `schema_mismatch` for a window of a column that holds no times
 */
export function checkLoadArguments(table: FeatureTable, source: FeatureSource, holder: string): void {
  if (!Array.isArray((table as FeatureTable | undefined)?.checks))
    throw invalid('The feature table of a load is not defined', 'what defineFeatureTable returns');
  const given = (source ?? {}) as Given;
  const kind = given['kind'] as FeatureSource['kind'];
  if (!Object.hasOwn(needs, kind))
    throw invalid('The source of a load is of no known kind', `kind ${Object.keys(needs).join(', ')}`);
  const [what, isThere] = needs[kind];
  if (!isThere(given)) throw invalid(`The source of a load, of kind ${kind}, is not whole`, what);
  if (!('path' in given) && !isText(given['description']))
    throw invalid('The source of a load has no name for its log', 'a text without NUL as description');
  if (!isText(holder)) throw invalid('A load has no name of its holder', 'a text without NUL as holder');
  if ('path' in source) checkEventWindow(table, source.where);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && isStorableText(value);
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
