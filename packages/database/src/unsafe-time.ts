/**
 * SQL that is true for a time that a column batch cannot hold: 2^53 microseconds or more before or after 1970. NULL stays
 * NULL.
 */
export function unsafeTime(sql: string): string {
  return `(${sql} NOT BETWEEN '1684-07-28 00:12:25.259009+00' AND '2255-06-05 23:47:34.740991+00')`;
}
