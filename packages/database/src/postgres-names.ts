/** What Postgres keeps of a name, in bytes of UTF-8; the rest it cuts off without a word, and two long names become one. */
export const longestNameBytes = 63;

/** Columns that Postgres has in every table: no other may have their names. */
export const systemColumns: readonly string[] = ['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid'];
