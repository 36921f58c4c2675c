import { canonicalJson, selectColumns, type GateVerdict } from '@slipway/contracts';
import { renderEvaluationReport, sliceErrors } from '@slipway/evaluation';
import type { Attempt } from './attempt.ts';
import type { Comparison } from './decide-gate.ts';
import type { Evaluation } from './evaluate-candidate.ts';
import { featureTableOf } from './feature-table-of.ts';
import { artifactPath, runTag } from './run-tags.ts';

/** Writes the verdict, the configuration and the evaluation report to the run. Returns the report's HTML. */
export async function recordVerdict(
  { context, model, run, name, watermark }: Attempt,
  {
    verdict,
    evaluation,
    comparison,
  }: { verdict: GateVerdict; evaluation: Evaluation; comparison: Comparison | undefined },
): Promise<string> {
  const { registry } = context;
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const { columns } = featureTableOf(context, model);
  const report = renderEvaluationReport({
    model: name,
    runId: run.runId,
    subtitle: `${model.estimator.family}, feature table ${model.featureTable} as known at load ${watermark}`,
    target: model.target,
    metrics: evaluation.metrics,
    meanMetrics: evaluation.meanMetrics,
    verdict,
    observed: evaluation.observed,
    predicted: evaluation.predicted,
    slices: sliceErrors({
      observed: evaluation.observed,
      predicted: evaluation.predicted,
      features: selectColumns(evaluation.test, model.features),
      columns,
    }),
    columns,
    createdAt: run.startTime * 1000,
    comparison,
  });
  await registry.logArtifact(run.runId, artifactPath.configuration, encode(canonicalJson(model)));
  await registry.logArtifact(run.runId, artifactPath.verdict, encode(canonicalJson(verdict)));
  await registry.logArtifact(run.runId, artifactPath.evaluationReport, encode(report));
  const gateMetrics = {
    'gate.candidate': verdict.candidate,
    'gate.champion': verdict.champion,
    'gate.confidence': verdict.confidence,
  };
  const timestamp = run.startTime;
  await registry.logBatch(run.runId, {
    metrics: Object.entries(gateMetrics).flatMap(([key, value]) =>
      value === null ? [] : [{ key, value, timestamp, step: 0 }],
    ),
    tags: { [runTag.verdict]: canonicalJson(verdict), [runTag.description]: verdict.sentence },
  });
  return report;
}
