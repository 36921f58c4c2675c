/** The MLflow servers our suites run against: one of each kind the client knows. */
export const mlflowReleases = {
  '3': { version: '3.17.2', requirements: ['mlflow==3.17.2'] },
  // It was made for the SQLAlchemy of its time.
  '2': { version: '2.22.5', requirements: ['mlflow==2.22.5', 'sqlalchemy<2.1'] },
} as const;

export type MlflowMajor = keyof typeof mlflowReleases;
