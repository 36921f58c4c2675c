import { quoteIdentifier, quoteLiteral } from '@slipway/database';
import type { FeatureTable } from './feature-table.ts';

/** A rule on single rows: the SQL is true or NULL for every row that may be stored. */
export interface RowConstraint {
  /** Name in reports and in Postgres, for example `humidity_range`. */
  readonly name: string;
  readonly sql: string;
}

/** Every row constraint of a table, in column order. The same SQL becomes a CHECK and validates a staged batch. */
export function rowConstraints({ columns, checks }: FeatureTable): RowConstraint[] {
  const ofColumns = Object.entries(columns).flatMap(([name, { nullable, range, enum: values, pattern }]) => {
    const column = quoteIdentifier(name);
    const rules: RowConstraint[] = [];
    if (!nullable) rules.push({ name: `${name}_not_null`, sql: `${column} IS NOT NULL` });
    if (range !== undefined)
      rules.push({
        name: `${name}_range`,
        sql: `${column} BETWEEN ${quoteLiteral(range[0])} AND ${quoteLiteral(range[1])}`,
      });
    if (values !== undefined)
      rules.push({ name: `${name}_enum`, sql: `${column} IN (${values.map(quoteLiteral).join(', ')})` });
    if (pattern !== undefined)
      rules.push({ name: `${name}_pattern`, sql: `${column} ~ ${quoteLiteral(pattern)}` });
    return rules;
  });
  return [...ofColumns, ...checks.map(({ name, sql }) => ({ name, sql: `(${sql})` }))];
}
