import type { Environment } from './environment.ts';

/**
 * Address of the page of a registered model or version in MLflow, without credentials; undefined without a tracking
 * server.
 */
export function mlflowPage(
  environment: Environment,
  { registeredName, version }: { readonly registeredName: string; readonly version?: string },
): string | undefined {
  const model = `/models/${encodeURIComponent(registeredName)}`;
  return pageAt(environment, version === undefined ? model : `${model}/versions/${version}`);
}

/** Address of the page of a run in MLflow, as {@link mlflowPage}. */
export function mlflowRunPage(
  environment: Environment,
  { experimentId, runId }: { readonly experimentId: string; readonly runId: string },
): string | undefined {
  return pageAt(
    environment,
    `/experiments/${encodeURIComponent(experimentId)}/runs/${encodeURIComponent(runId)}`,
  );
}

function pageAt({ mlflow }: Environment, page: string): string | undefined {
  if (mlflow === undefined) return undefined;
  const { origin, pathname } = new URL(mlflow.trackingUri);
  return `${origin}${pathname.replace(/\/$/, '')}/#${page}`;
}
