import { SlipwayError } from '@slipway/contracts';

/**
 * Production has one registry that everybody reads. A process that forgot the variable would promote into another one,
 * or serve from it.
 * @param environment as for {@link registeredName}
 * @param mlflow what `readMlflowSettings` found
 * @throws SlipwayError `embedded_refused` in production without a tracking server
 */
export function refuseEmbeddedRegistry({
  environment,
  mlflow,
}: {
  readonly environment: string;
  readonly mlflow: object | undefined;
}): void {
  if (environment !== 'production' || mlflow !== undefined) return;
  throw new SlipwayError('embedded_refused', {
    what: 'The registry in the database is refused under SLIPWAY_ENV=production: nobody else would look there',
    expected: 'MLFLOW_TRACKING_URI with an MLflow server',
    next: 'Set MLFLOW_TRACKING_URI, or use another SLIPWAY_ENV',
  });
}
