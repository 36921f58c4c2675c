import { isDeepStrictEqual } from 'node:util';
import { SlipwayError } from '@slipway/contracts';
import type { FeatureMatrix } from '@slipway/models';
import type { EstimatorFamily, TrainingRows } from '../estimator-family.ts';
import { hardRows, plainRows } from './estimator-rows.ts';

export interface EstimatorCheck {
  /** Columns that the family takes. @default 3 */
  readonly columnCount?: number;
}

/**
 * Holds a family to the contract of {@link EstimatorFamily}, on rows that it makes up: features and target above 0, one column
 * twice another, a constant one, a constant target, numbers that are huge, tiny or none, fewer rows than columns, one row and
 * none. For any test runner.
 * @throws Error naming the first law that does not hold, and the rows it was seen on
 */
export async function checkEstimator<Fitted>(
  family: EstimatorFamily<Fitted>,
  { columnCount = 3 }: EstimatorCheck = {},
): Promise<void> {
  const rows = plainRows(columnCount);
  const before = structuredClone(rows);
  const fitted = await family.fit(rows, {});
  const law = createLaw(family.name, 'rows that suit a model');
  law('one prediction per row, all finite', isSound(family.predict(fitted, rows.features), rows));
  law(
    'the same rows give the same data',
    isDeepStrictEqual(await family.fit(structuredClone(rows), {}), fitted),
  );
  law('a fitted model is plain data', isPlain(family, fitted, rows.features));
  law('a row alone is predicted as among others, to the bit', isIndependent(family, fitted, rows.features));
  law('features and target are not changed', isDeepStrictEqual(rows, before));
  const stopped = await endOf(family, rows, AbortSignal.abort());
  law('a signal that was given up ends the fit with the code "aborted"', stopped === 'aborted');
  const inTheMiddle = await endOf(family, rows, abortedSoon());
  law(
    'a signal that is given up in the middle ends the fit with the code "aborted", or the model is whole',
    inTheMiddle === 'aborted' || isDeepStrictEqual(inTheMiddle, fitted),
  );
  for (const [name, hard] of hardRows(columnCount)) await checkHardRows(family, name, hard);
}

/** Codes that tell a person to change the rows or the parameters. */
const refusals: readonly string[] = ['fit_failed', 'parameter_invalid'];

/** Whatever the rows: a model whose predictions are finite, or an error that a person can act on. */
async function checkHardRows<Fitted>(
  family: EstimatorFamily<Fitted>,
  name: string,
  rows: TrainingRows,
): Promise<void> {
  const law = createLaw(family.name, name);
  let fitted: Fitted;
  try {
    fitted = await family.fit(rows, {});
  } catch (error) {
    law('what cannot be fitted is a SlipwayError', SlipwayError.isInstance(error), error);
    const code = (error as SlipwayError).code;
    law('of the code "fit_failed" or "parameter_invalid"', refusals.includes(code), error);
    return;
  }
  law('what can be fitted predicts finite numbers', isSound(family.predict(fitted, rows.features), rows));
}

function createLaw(family: string, rows: string): (law: string, holds: boolean, cause?: unknown) => void {
  return (law, holds, cause) => {
    if (!holds) throw new Error(`The family "${family}" breaks a law, on ${rows}: ${law}`, { cause });
  };
}

function isSound(predictions: Float64Array, { features }: TrainingRows): boolean {
  return predictions.length === features.rowCount && predictions.every(Number.isFinite);
}

/** Functions cannot be cloned, and of an object with a class only its data is. */
function isPlain<Fitted>(family: EstimatorFamily<Fitted>, fitted: Fitted, features: FeatureMatrix): boolean {
  try {
    return isDeepStrictEqual(
      family.predict(structuredClone(fitted), features),
      family.predict(fitted, features),
    );
  } catch {
    return false;
  }
}

function isIndependent<Fitted>(
  family: EstimatorFamily<Fitted>,
  fitted: Fitted,
  features: FeatureMatrix,
): boolean {
  const together = family.predict(fitted, features);
  return together.every((value, row) => {
    const columns = features.columns.map((column) => column.slice(row, row + 1));
    return Object.is(family.predict(fitted, { ...features, rowCount: 1, columns })[0], value);
  });
}

/** A signal that is given up once the fit that follows has begun. */
function abortedSoon(): AbortSignal {
  const controller = new AbortController();
  setImmediate(() => controller.abort());
  return controller.signal;
}

/** What was fitted, or the code of the error that ended it. */
async function endOf<Fitted>(
  family: EstimatorFamily<Fitted>,
  rows: TrainingRows,
  signal: AbortSignal,
): Promise<Fitted | string> {
  try {
    return await family.fit(rows, { signal });
  } catch (error) {
    return SlipwayError.isInstance(error) ? error.code : 'unknown';
  }
}
