import type { z } from 'zod';
import { domainStart, functionOf, type ColumnOperation, type NumberOperation } from './number-operation.ts';
import { refusedValue } from './refused-value.ts';
import { numericColumn, replaceColumns } from './replace-columns.ts';
import { defineStep, type ApplyStep, type StepKind } from './step-kind.ts';

/** A step that changes numbers one by one. */
export function defineNumberStep<Config extends z.ZodType, Fitted extends z.ZodType>(
  kind: Omit<StepKind<Config, Fitted>, 'compile'> & Required<Pick<StepKind<Config, Fitted>, 'operations'>>,
): StepKind<Config, Fitted> {
  return defineStep({ ...kind, compile: (step) => compileOperations(kind.operations(step)) });
}

function compileOperations(operations: readonly ColumnOperation[]): ApplyStep {
  const changesOf = new Map<string, ((values: Float64Array) => Float64Array)[]>();
  for (const { column, operation } of operations) {
    const change = compileOperation(column, operation);
    changesOf.set(column, [...(changesOf.get(column) ?? []), change]);
  }
  return replaceColumns(changesOf.keys(), (found) => {
    const { name, values } = numericColumn(found);
    const changed = changesOf.get(name)!.reduce((current, change) => change(current), values);
    return [{ name, type: 'double', values: changed }];
  });
}

function compileOperation(
  column: string,
  operation: NumberOperation,
): (values: Float64Array) => Float64Array {
  const [change, start] = [functionOf(operation), domainStart(operation)];
  return (values) => {
    if (start !== undefined) checkDomain(column, values, start);
    return values.map((value) => change(value));
  };
}

function checkDomain(column: string, values: Float64Array, start: number): void {
  const row = values.findIndex((value) => value <= start);
  if (row !== -1) throw refusedValue(column, row, { why: `a logarithm needs a value above ${start}` });
}
