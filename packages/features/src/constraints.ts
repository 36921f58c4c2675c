import { quoteIdentifier, quoteLiteral } from '@slipway/database';
import type { FeatureTable } from './feature-table.ts';

/** A rule on single rows: the SQL is true or NULL for every row that may be stored. */
export interface RowConstraint {
  /** Name in reports, for example `humidity_range`; in Postgres too, unless it is too long. */
  readonly name: string;
  /** The column it is about; undefined for a cross-column check. */
  readonly column: string | undefined;
  readonly sql: string;
}

/** Every row constraint of a table, in column order. The same SQL becomes a CHECK and validates a staged batch. */
export function rowConstraints({ columns, checks }: FeatureTable): RowConstraint[] {
  const ofColumns = Object.entries(columns).flatMap(([name, { nullable, range, enum: values, pattern }]) => {
    const cell = quoteIdentifier(name);
    const rules: RowConstraint[] = [];
    const add = (kind: string, sql: string): void =>
      void rules.push({ name: `${name}_${kind}`, column: name, sql: `${cell} ${sql}` });
    if (!nullable) add('not_null', 'IS NOT NULL');
    if (range !== undefined) add('range', `BETWEEN ${quoteLiteral(range[0])} AND ${quoteLiteral(range[1])}`);
    if (values !== undefined) add('enum', `IN (${values.map(quoteLiteral).join(', ')})`);
    if (pattern !== undefined) add('pattern', `~ ${quoteLiteral(pattern)}`);
    return rules;
  });
  return [...ofColumns, ...checks.map(({ name, sql }) => ({ name, column: undefined, sql: `(${sql}\n)` }))];
}
