import { checkKey } from './check-key.ts';
import { checkText } from './check-text.ts';
import { checkWholeNumber } from './check-whole-number.ts';
import { registryLimits } from './registry-limits.ts';
import { registryRejected } from './registry-rejected.ts';
import type { RunMetric } from './run-metric.ts';

/**
 * Checks one metric. MLflow changes some values without a word, so they are refused: infinities (stored as the
 * greatest double), NaN with a model (read back as 0), dataset fields without a model (dropped).
 * @throws SlipwayError `registry_rejected`
 */
export function checkMetric(metric: RunMetric): void {
  checkKey(metric.key, 'metrics.key');
  checkWholeNumber(metric.timestamp, 'metrics.timestamp', { minimum: 0 });
  checkWholeNumber(metric.step, 'metrics.step');
  checkValue(metric);
  checkDataset(metric);
}

function checkValue({ value, modelId }: RunMetric): void {
  const isKept =
    typeof value === 'number' && (Number.isFinite(value) || (Number.isNaN(value) && modelId === undefined));
  if (isKept) return;
  throw registryRejected({
    field: 'metrics.value',
    reason: typeof value === 'number' ? 'range' : 'type',
    what: 'A metric value would not be kept as it is',
    expected:
      modelId === undefined ? 'a finite number or NaN' : 'a finite number, as the metric belongs to a model',
  });
}

function checkDataset({ modelId, datasetName, datasetDigest }: RunMetric): void {
  if (modelId !== undefined) checkText(modelId, { field: 'metrics.modelId', minimum: 1, maximum: 250 });
  if (datasetName === undefined && datasetDigest === undefined) return;
  if (modelId === undefined) {
    const what = 'A metric names a dataset and no model: the dataset would be dropped';
    throw registryRejected({ field: 'metrics.modelId', reason: 'pattern', what });
  }
  checkText(datasetName, {
    field: 'metrics.datasetName',
    minimum: 1,
    maximum: registryLimits.datasetNameLength,
  });
  checkText(datasetDigest, {
    field: 'metrics.datasetDigest',
    minimum: 1,
    maximum: registryLimits.datasetDigestLength,
  });
}
