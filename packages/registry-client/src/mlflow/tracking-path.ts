/** Path of a route of the tracking or registry API: the protos' `/api/2.0/mlflow/...`. */
export function trackingPath(route: string): string {
  return `api/2.0/mlflow/${route}`;
}
