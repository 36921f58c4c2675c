import { SlipwayError, type ColumnSpec, type Digest } from '@slipway/contracts';
import { quoteTable, type Queryable, type TableName } from '@slipway/database';
import { canonicalRow } from './canonical-row.ts';
import { digestHeader } from './digest-header.ts';

/**
 * Content digest of a table, computed where the rows are: sha256 of each canonical row, sorted and hashed in 256 buckets
 * by first byte, hashed once more under a header of column names and types and the row count. Row order does not
 * matter, duplicates do. docs/digest.md has it byte by byte.
 * @throws SlipwayError `database_encoding` on a session whose client_encoding somebody changed: `record_send` would hash
 * other bytes of the same text
 */
export async function digestTable(
  queryable: Queryable,
  table: TableName,
  columns: readonly ColumnSpec[],
): Promise<{ readonly digest: Digest; readonly rowCount: number }> {
  // OFFSET 0: otherwise the planner inlines the hash and computes it twice per row. Unlike a materialized WITH, it leaves
  // the hashing to parallel workers.
  const [row] = await queryable.query<{ digest: Digest; rows: string; encoding: string }>(
    `WITH bucket AS (SELECT get_byte(hash, 0) AS number, sha256(string_agg(hash, ''::bytea ORDER BY hash)) AS digest,
                    count(*) AS rows
                  FROM (SELECT sha256(${canonicalRow(columns)}) AS hash FROM ${quoteTable(table)} OFFSET 0) AS hashed GROUP BY 1)
     SELECT encode(sha256(convert_to($1, 'UTF8') || int8send(coalesce(sum(rows), 0)::bigint)
              || string_agg(coalesce(digest, sha256('')), ''::bytea ORDER BY place.number)), 'hex') AS digest,
            coalesce(sum(rows), 0) AS rows, current_setting('client_encoding') AS encoding
     FROM generate_series(0, 255) AS place(number) LEFT JOIN bucket USING (number)`,
    [digestHeader(columns)],
  );
  if (row?.encoding !== 'UTF8') {
    throw new SlipwayError('database_encoding', {
      what: 'The content of a table cannot be hashed on this session',
      expected: 'client_encoding UTF8, which every connection begins with',
      received: row?.encoding ?? 'unknown',
      next: 'Take a fresh connection, and look for a SET client_encoding in what runs on it or in its pooler',
    });
  }
  return { digest: row.digest, rowCount: Number(row.rows) };
}
