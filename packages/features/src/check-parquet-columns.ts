import { SlipwayError, type ColumnType } from '@slipway/contracts';
import { parquetSchema, type FileMetaData, type SchemaElement } from 'hyparquet';
import type { FeatureTable } from './feature-table.ts';
import { findDoubled } from './find-doubled.ts';

/**
 * Checks that a Parquet file has exactly the columns of a feature table, flat and of types that become theirs.
 * @throws SlipwayError `schema_mismatch` naming every column that does not fit
 */
export function checkParquetColumns(table: FeatureTable, metadata: FileMetaData, file: string): void {
  const children = parquetSchema(metadata).children;
  const found = new Map(children.map((child) => [child.element.name, child]));
  const twice = findDoubled(children.map(({ element }) => element.name));
  const problems = twice.map((name) => `"${name}" more than once`);
  for (const name of Object.keys(table.columns)) if (!found.has(name)) problems.push(`no column "${name}"`);
  for (const [name, { element, children }] of found) {
    const type = table.columns[name]?.type;
    if (type === undefined) problems.push(`"${name}", which is no column of it`);
    else if (children.length > 0 || element.repetition_type === 'REPEATED')
      problems.push(`"${name}" nested, and only flat columns can be read`);
    else if (!typesOf(element).includes(type)) problems.push(`"${name}" of type ${describe(element)}`);
  }
  if (problems.length === 0) return;
  throw new SlipwayError('schema_mismatch', {
    what: `${file} does not fit feature table ${table.name}`,
    expected: Object.entries(table.columns)
      .map(([name, { type }]) => `${name} ${type}`)
      .join(', '),
    received: problems.join('; '),
    next: 'Write exactly these columns, decimals as doubles',
  });
}

/** Column types that the values of a Parquet column can become. Source: the format's LogicalTypes.md. */
function typesOf({ type, converted_type: converted, logical_type: logical }: SchemaElement): ColumnType[] {
  const kind = logical?.type ?? converted;
  if (kind === 'TIMESTAMP' || converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS')
    return ['datetime'];
  if (kind === 'DATE' || type === 'INT96') return ['datetime'];
  if (type === 'BYTE_ARRAY')
    return kind === undefined || kind === 'STRING' || kind === 'UTF8' ? ['string'] : [];
  if (type === 'BOOLEAN') return ['boolean'];
  if (type === 'DOUBLE' || type === 'FLOAT') return ['double'];
  const isInteger = kind === undefined || kind === 'INTEGER' || /^U?INT_/.test(kind);
  return (type === 'INT32' || type === 'INT64') && isInteger ? ['long', 'double'] : [];
}

function describe({ type, converted_type: converted, logical_type: logical }: SchemaElement): string {
  return [type, logical?.type ?? converted].filter(Boolean).join(' ');
}
