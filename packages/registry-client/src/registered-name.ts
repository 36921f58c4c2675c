/** The registered model and experiment of a configuration: the plain name in production, suffixed elsewhere. */
export function registeredName(model: string, environment: string): string {
  return environment === 'production' ? model : `${model}-${environment}`;
}
