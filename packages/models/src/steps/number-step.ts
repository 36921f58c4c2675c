import type { z } from 'zod';
import { domainStart, functionOf, type ColumnOperation } from './number-operation.ts';
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
  const changes = operations.map(({ column, operation }) => ({
    column,
    change: functionOf(operation),
    start: domainStart(operation),
  }));
  return (batch) =>
    changes.reduce(
      (changed, { column, change, start }) =>
        replaceColumns(changed, [column], (found) => {
          const { values } = numericColumn(found);
          if (start !== undefined) checkDomain(column, values, start);
          return [{ name: column, type: 'double', values: values.map(change) }];
        }),
      batch,
    );
}

function checkDomain(column: string, values: Float64Array, start: number): void {
  const row = values.findIndex((value) => value <= start);
  if (row !== -1) throw refusedValue(column, row, { why: `a logarithm needs a value above ${start}` });
}
