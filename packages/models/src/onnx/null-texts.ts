import { SlipwayError } from '@slipway/contracts';

/** ONNX Runtime makes texts of Python's nulls (None, float NaN, pandas.NA): these. */
export const nullTexts: readonly string[] = ['None', 'nan', '<NA>'];

/** @throws SlipwayError `parameter_invalid` when a category has the name of a null, so that Python could not tell them apart */
export function checkNoNullText(column: string, categories: readonly string[]): void {
  if (!categories.some((category) => nullTexts.includes(category))) return;
  throw new SlipwayError('parameter_invalid', {
    what: `Column "${column}": Python could not tell one of its categories from NULL`,
    expected: `categories other than ${nullTexts.map((text) => `"${text}"`).join(', ')}`,
    next: 'Rename that category in the feature table',
  });
}
