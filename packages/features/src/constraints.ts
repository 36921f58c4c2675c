import { quoteIdentifier, quoteLiteral } from '@slipway/database';
import type { FeatureTable } from './feature-table.ts';

/** A rule on single rows: the SQL is true or NULL for every row that may be stored. */
export interface RowConstraint {
  /** Name in reports, for example `humidity_range`; in Postgres too, unless it is too long. */
  readonly name: string;
  /** The column it is about; undefined for a cross-column check. */
  readonly column: string | undefined;
  readonly sql: string;
  /** The rule as the definition has it, for people. */
  readonly text: string;
}

/** Every row constraint of a table, in column order. The same SQL becomes a CHECK and validates a staged batch. */
export function rowConstraints({ columns, checks }: FeatureTable): RowConstraint[] {
  const ofColumns = Object.entries(columns).flatMap(([name, { nullable, range, enum: values, pattern }]) => {
    const cell = quoteIdentifier(name);
    const rules: RowConstraint[] = [];
    const add = (kind: string, sql: string, text: string): void =>
      void rules.push({ name: `${name}_${kind}`, column: name, sql: `${cell} ${sql}`, text });
    if (!nullable) add('not_null', 'IS NOT NULL', 'not null');
    if (range !== undefined) {
      const [from, to] = range;
      add('range', `BETWEEN ${quoteLiteral(from)} AND ${quoteLiteral(to)}`, `range ${from} to ${to}`);
    }
    if (values !== undefined)
      add('enum', `IN (${values.map(quoteLiteral).join(', ')})`, `enum ${values.join(', ')}`);
    if (pattern !== undefined) add('pattern', `~ ${quoteLiteral(pattern)}`, `pattern ${pattern}`);
    return rules;
  });
  const ofRows = checks.map(({ name, sql }) => ({ name, column: undefined, sql: `(${sql}\n)`, text: sql }));
  return [...ofColumns, ...ofRows];
}
