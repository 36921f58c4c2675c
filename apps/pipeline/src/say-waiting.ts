import type { FeatureTable } from '@slipway/features';
import type { Output } from './output.ts';

/** Says that somebody else works on a feature table: a wait of minutes would look like a program that hangs. */
export function sayWaiting(output: Output, { name }: FeatureTable): () => void {
  return () => output.note(`another process works on feature table ${name}; waiting for up to 10 minutes`);
}
