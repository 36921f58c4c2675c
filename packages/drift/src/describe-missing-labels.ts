/**
 * Why no prediction has a label.
 * @param unmatched labels that have arrived and match no prediction
 */
export function describeMissingLabels(unmatched = 0): string {
  if (unmatched === 0) return 'no labels have arrived';
  return `${unmatched} ${unmatched === 1 ? 'label has' : 'labels have'} arrived, none matches a prediction`;
}
