import { rowConstraints, type RowConstraint } from './constraints.ts';
import { rowKey, type FeatureTable } from './feature-table.ts';

/** One difference of two definitions that stored rows may stand against. */
export interface DefinitionChange {
  /** What changed, for example `column "sales"` or `constraint sales_range`. */
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  /** Stored rows that break the new rule, where it is one. */
  readonly rows?: number;
}

/** What brings a stored table up to a definition. Texts that change nothing stored (owner, unit) are not in it. */
export interface DefinitionChanges {
  /** Changes that no stored row can follow, whatever it holds. */
  readonly breaking: readonly DefinitionChange[];
  readonly addedColumns: readonly string[];
  readonly droppedRules: readonly RowConstraint[];
  /** New and changed rules: whether stored rows keep them, only the database knows. */
  readonly addedRules: readonly RowConstraint[];
  readonly droppedUnique: readonly (readonly string[])[];
  readonly addedUnique: readonly (readonly string[])[];
}

export function compareDefinitions(stored: FeatureTable, table: FeatureTable): DefinitionChanges {
  const addedColumns = namesOnlyIn(table, stored);
  return {
    breaking: [...changedKeys(stored, table), ...changedColumns(stored, table)],
    addedColumns,
    droppedRules: rulesOnlyIn(stored, table),
    addedRules: rulesOnlyIn(table, stored),
    droppedUnique: setsOnlyIn(stored, table),
    addedUnique: setsOnlyIn(table, stored),
  };
}

/** Whether both definitions store rows in the same way. */
export function storesAlike(stored: FeatureTable, table: FeatureTable): boolean {
  return Object.values(compareDefinitions(stored, table)).every(({ length }) => length === 0);
}

/** Dataset row keys and digests are made of them in this order. */
function changedKeys(stored: FeatureTable, table: FeatureTable): DefinitionChange[] {
  const [from, to] = [stored, table].map((definition) => rowKey(definition).join(', ')) as [string, string];
  if (from === to && stored.eventTime === table.eventTime) return [];
  const name = (definition: FeatureTable): string => definition.eventTime ?? 'none';
  return [
    { subject: 'row key', from, to },
    ...(stored.eventTime === table.eventTime
      ? []
      : [{ subject: 'event time', from: name(stored), to: name(table) }]),
  ];
}

function changedColumns(stored: FeatureTable, table: FeatureTable): DefinitionChange[] {
  const gone = namesOnlyIn(stored, table).map((name) => change(name, typeOf(stored, name), 'no such column'));
  const retyped = Object.keys(table.columns)
    .filter((name) => Object.hasOwn(stored.columns, name) && typeOf(stored, name) !== typeOf(table, name))
    .map((name) => change(name, typeOf(stored, name), typeOf(table, name)));
  const required = namesOnlyIn(table, stored)
    .filter((name) => table.columns[name]?.nullable === false)
    .map((name) => change(name, 'no such column', `${typeOf(table, name)}, not null`));
  return [...gone, ...retyped, ...required];
}

function change(column: string, from: string, to: string): DefinitionChange {
  return { subject: `column "${column}"`, from, to };
}

function typeOf({ columns }: FeatureTable, name: string): string {
  return columns[name]?.type ?? 'no such column';
}

function namesOnlyIn({ columns }: FeatureTable, other: FeatureTable): string[] {
  return Object.keys(columns).filter((name) => !Object.hasOwn(other.columns, name));
}

function rulesOnlyIn(table: FeatureTable, other: FeatureTable): RowConstraint[] {
  const known = new Map(rowConstraints(other).map(({ name, sql }) => [name, sql]));
  return rowConstraints(table).filter(({ name, sql }) => known.get(name) !== sql);
}

/** The order of the columns in a unique set means nothing. */
function setsOnlyIn({ unique }: FeatureTable, other: FeatureTable): string[][] {
  const known = new Set(other.unique.map(setName));
  return unique.filter((set) => !known.has(setName(set)));
}

function setName(columns: readonly string[]): string {
  return JSON.stringify([...columns].sort());
}
