import type { Environment } from './environment.ts';

/**
 * Address of the page of a registered model or version in MLflow, without credentials; undefined without a tracking
 * server.
 */
export function mlflowPage(
  { mlflow }: Environment,
  { registeredName, version }: { readonly registeredName: string; readonly version?: string },
): string | undefined {
  if (mlflow === undefined) return undefined;
  const url = new URL(mlflow.trackingUri);
  const page = `/models/${encodeURIComponent(registeredName)}${version === undefined ? '' : `/versions/${version}`}`;
  return `${url.origin}${url.pathname.replace(/\/$/, '')}/#${page}`;
}
